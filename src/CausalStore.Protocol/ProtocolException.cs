namespace CausalStore.Protocol;

/// <summary>A line that is refused: becomes <c>error CODE TEXT</c> for whoever sent it.</summary>
public sealed class ProtocolException(ErrorCode code, string text) : Exception(text)
{
    public ErrorCode Code { get; } = code;

    public static ProtocolException Syntax(string text) => new(ErrorCode.Syntax, text);
}
