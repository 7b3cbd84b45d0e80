using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>One line of a server.</summary>
/// <param name="Bytes">As it came, without its end.</param>
public readonly record struct ReplyLine(ReadOnlyMemory<byte> Bytes, Response Meaning);

/// <summary>All lines that answer one request, an <c>end COUNT</c> included.</summary>
public sealed class Reply(IReadOnlyList<ReplyLine> lines)
{
    public IReadOnlyList<ReplyLine> Lines { get; } = lines;

    /// <summary>The refusal, if it is one; it is then the only line.</summary>
    public Response.Error? Error => Lines is [{ Meaning: Response.Error error }] ? error : null;

    internal bool IsUnavailable => Error is { Code: ErrorCode.Unavailable };
}
