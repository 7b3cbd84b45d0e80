namespace CausalStore.Replication.Tests.Kit;

/// <summary>A server that pushes a megabyte with each write, to clients that may not read it.</summary>
internal static class SlowReaders
{
    public const int Megabyte = 1 << 20;

    public static string Value { get; } = new('v', Megabyte);

    /// <summary>A server whose clients may leave so many bytes unread.</summary>
    public static TestServer WithBound(int bytes) =>
        TestServer.Alone(with: options => options with { UnreadBytesMax = bytes });

    public static void Write(TestSession writer, int count)
    {
        for (; count > 0; count--)
        {
            Assert.StartsWith("ok ", writer.Say($"write k {Value}"));
        }
    }
}
