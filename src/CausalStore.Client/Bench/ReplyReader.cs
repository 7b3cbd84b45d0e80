using System.Buffers.Text;
using System.Text;

namespace CausalStore.Client.Bench;

/// <summary>What the replies of a run were, beside good ones.</summary>
internal sealed class ReplyTally
{
    /// <summary>Reads of keys that were not there.</summary>
    public long Missing { get; set; }

    public long Errors { get; private set; }

    /// <summary>The first of the errors; null: there was none.</summary>
    public string? FirstError { get; private set; }

    public void Error(ReadOnlySpan<byte> line)
    {
        Errors++;
        FirstError ??= Encoding.UTF8.GetString(line);
    }

    public void Clear()
    {
        Missing = 0;
        Errors = 0;
        FirstError = null;
    }
}

/// <summary>Counts the replies in what one connection receives, in whatever pieces it comes.</summary>
internal abstract class ReplyReader(ReplyTally tally)
{
    private const int HeadBytesMax = 128;

    private readonly byte[] _head = new byte[HeadBytesMax];
    private int _headLength;
    private long _bodyLeft;

    protected ReplyTally Tally { get; } = tally;

    public static ReplyReader Create(bool isResp, ReplyTally tally) =>
        isResp ? new RespReplyReader(tally) : new LineReplyReader(tally);

    /// <summary>Returns how many replies end within these bytes.</summary>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        int replies = 0;

        while (!bytes.IsEmpty)
        {
            if (_bodyLeft > 0)
            {
                int skipped = (int)Math.Min(_bodyLeft, bytes.Length);
                bytes = bytes[skipped..];
                _bodyLeft -= skipped;
                replies += _bodyLeft == 0 ? 1 : 0;
                continue;
            }

            int length = bytes.IndexOf((byte)'\n');

            if (length < 0)
            {
                Keep(bytes);
                return replies;
            }

            _bodyLeft = _headLength == 0 ? Judge(bytes[..length]) : JudgeKept(bytes[..length]);
            replies += _bodyLeft == 0 ? 1 : 0;
            bytes = bytes[(length + 1)..];
        }

        return replies;
    }

    /// <summary>Looks at a line, without its LF; returns how many bytes of the reply follow it.</summary>
    protected abstract long Judge(ReadOnlySpan<byte> line);

    private long JudgeKept(ReadOnlySpan<byte> rest)
    {
        Keep(rest);
        long bodyLeft = Judge(_head.AsSpan(0, _headLength));
        _headLength = 0;
        return bodyLeft;
    }

    /// <summary>Keeps the beginning of a line; what it is shows there.</summary>
    private void Keep(ReadOnlySpan<byte> bytes)
    {
        int kept = Math.Min(bytes.Length, HeadBytesMax - _headLength);
        bytes[..kept].CopyTo(_head.AsSpan(_headLength));
        _headLength += kept;
    }
}

internal sealed class LineReplyReader(ReplyTally tally) : ReplyReader(tally)
{
    protected override long Judge(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("missing "u8))
        {
            Tally.Missing++;
        }
        else if (!line.StartsWith("ok "u8) && !line.StartsWith("value "u8))
        {
            Tally.Error(line);
        }

        return 0;
    }
}

internal sealed class RespReplyReader(ReplyTally tally) : ReplyReader(tally)
{
    private const int LineEndBytes = 2;

    protected override long Judge(ReadOnlySpan<byte> line)
    {
        switch (line)
        {
            case [(byte)'$', .. var length]:
                return BodyBytes(length);
            case [(byte)'_', ..]:
                Tally.Missing++;
                break;
            case [(byte)'+' or (byte)':', ..]:
                break;
            default:
                Tally.Error(line.TrimEnd((byte)'\r'));
                break;
        }

        return 0;
    }

    private long BodyBytes(ReadOnlySpan<byte> length)
    {
        if (!Utf8Parser.TryParse(length, out long bytes, out _))
        {
            Tally.Error(length);
            return 0;
        }

        if (bytes >= 0)
        {
            return bytes + LineEndBytes;
        }

        Tally.Missing++;
        return 0;
    }
}
