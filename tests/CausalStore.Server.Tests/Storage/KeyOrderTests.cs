using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Server.Storage;

namespace CausalStore.Server.Tests.Storage;

public sealed class KeyOrderTests
{
    [Theory]
    [InlineData("b", "a", "c")]
    [InlineData("key:000000000002", "key:000000000010", "key:000000000001")]
    [InlineData("shared", "shared\0", "shared\0\0", "share", "shared!")]
    [InlineData("a", "\0", "\0\0\0\0\0\0\0\0", "\0\0\0\0\0\0\0\0\0")]
    [InlineData("users/1/photo/album/9", "users/1/photo/album/10", "users/1/photo/a", "users/2/x")]
    [InlineData("\u00ff", "z", "\u0080")]
    [InlineData("only")]
    public void Keys_come_in_the_order_of_their_bytes(params string[] keys) => Check([.. keys.Select(Bytes)]);

    [Fact]
    public void No_keys_are_in_order() => Check([]);

    [Fact]
    public void Random_keys_of_few_letters_come_in_the_order_of_their_bytes()
    {
        const int Seed = 7;
        Random random = new(Seed);

        for (int round = 0; round < 200; round++)
        {
            var words = Enumerable.Range(0, 50).Select(_ => Word(random)).Distinct();
            Check([.. words.Select(Bytes)]);
        }
    }

    private static void Check(List<byte[]> keys)
    {
        Effects effects = new() { Journaling = true };
        Replica replica = new(new ReplicaOptions { Id = new ServerId(1), Instance = "i" }, effects);
        replica.Advance(TimeSpan.Zero);
        var session = replica.OpenSession();
        keys.ForEach(key => replica.Receive(session, Write(key)));
        var records = replica.TakeChanges().Keys;
        Assert.Equal(keys.Count, records.Count);
        var expected = keys.OrderBy(Convert.ToHexString, StringComparer.Ordinal).Select(Convert.ToHexString);

        Assert.Equal(
            expected, KeyOrder.Of(records).Select(number => Convert.ToHexString(records[number].Key)));
    }

    private static byte[] Write(byte[] key) =>
        new OutputBuffer().Append("write "u8).AppendWord(key).Append(" v"u8).Written.ToArray();

    private static string Word(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => "\0ab"[random.Next(3)]));

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
