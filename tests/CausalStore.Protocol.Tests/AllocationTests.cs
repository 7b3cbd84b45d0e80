using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

/// <summary>
/// What the hot path allocates, in bytes of this thread after a warm-up: from the receive buffer through
/// lines and words to checked operations, and back into an output buffer. Measured is what the protocol
/// does, not what a replica keeps.
/// </summary>
public sealed class AllocationTests : IDisposable
{
    private const int Rounds = 100;

    private readonly LineBuffer _lines = new(1 << 20);
    private readonly WordSplitter _splitter = new();
    private readonly OutputBuffer _output = new();

    public void Dispose() => _lines.Dispose();

    [Theory]
    [InlineData("read x")]
    [InlineData("read x \"y z\" \"with \\n escape\"")]
    [InlineData("write x lost")]
    [InlineData("write x \"a value\" write y \"\\x00\" delete z")]
    public void A_read_or_a_write_is_split_checked_and_answered_without_allocating(string line)
    {
        byte[] sent = Wire.Bytes(line + "\n");

        Assert.Equal(0, AllocatedBy(() => ReceiveAndAnswer(sent)));
    }

    [Theory]
    [InlineData("replicate 5@2 3 - write x lost")]
    [InlineData("replicate 5@2 3 - write x lost write y \"\\n\" delete z")]
    [InlineData("replicate 5@2 3 4@1 write x lost")]
    [InlineData("replicate 5@2 3 ..2@1,..4@3,3@1,4@4 write x lost")]
    public void A_replicated_write_is_read_and_written_in_canonical_form_without_allocating(string line)
    {
        byte[] sent = Wire.Bytes(line + "\n");

        Assert.Equal(0, AllocatedBy(() => Parse(sent)));
    }

    [Fact]
    public void A_clients_write_becomes_a_replicated_one_without_allocating()
    {
        byte[] sent = Wire.Bytes("write x lost\n");

        Assert.Equal(0, AllocatedBy(() => Create(sent)));
    }

    private static long AllocatedBy(Action round)
    {
        for (int warmUp = 0; warmUp < Rounds; warmUp++)
        {
            round();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int count = 0; count < Rounds; count++)
        {
            round();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }

    private void ReceiveAndAnswer(byte[] sent)
    {
        var words = _splitter.Split(Receive(sent));

        if (Operations.IsVerb(words[0]))
        {
            Operations.Validate(words, first: 0);
            ResponseWriter.Ok(_output, new WriteVersion(5, new ServerId(2)));
        }
        else
        {
            for (int index = 1; index < words.Count; index++)
            {
                var key = Operations.CheckedKey(words.Required(index, "the key"));
                ResponseWriter.Value(_output, key, key, new WriteVersion(5, new ServerId(2)));
            }
        }

        _output.Clear();
    }

    private void Parse(byte[] sent)
    {
        WriteLine.Parse(_splitter.Split(Receive(sent))).AppendTo(_output);
        _output.Clear();
    }

    private void Create(byte[] sent)
    {
        var words = _splitter.Split(Receive(sent));
        WriteLine.Of(new WriteVersion(5, new ServerId(2)), previous: 3, "-"u8, words).AppendTo(_output);
        _output.Clear();
    }

    private ReadOnlySpan<byte> Receive(byte[] sent)
    {
        sent.CopyTo(_lines.ReceiveSpace());
        _lines.Received(sent.Length);
        return _lines.TryTake(out var line) == LineResult.Line ? line : throw new InvalidOperationException();
    }
}
