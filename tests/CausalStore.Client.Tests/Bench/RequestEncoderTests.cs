using System.Text;
using CausalStore.Client.Bench;

namespace CausalStore.Client.Tests.Bench;

public sealed class RequestEncoderTests
{
    [Theory]
    [InlineData(false, true, "read key:000012\n")]
    [InlineData(false, false, "write key:000012 xxx\n")]
    [InlineData(true, true, "*2\r\n$3\r\nGET\r\n$10\r\nkey:000012\r\n")]
    [InlineData(true, false, "*3\r\n$3\r\nSET\r\n$10\r\nkey:000012\r\n$3\r\nxxx\r\n")]
    public void A_request_is_what_the_server_reads(bool isResp, bool isRead, string expected) =>
        Assert.Equal(expected, Encode(new Load { KeyBytes = 10, ValueBytes = 3 }, isResp, isRead, key: 12));

    [Theory]
    [InlineData(false, "write key:00 \"\"\n")]
    [InlineData(true, "*3\r\n$3\r\nSET\r\n$6\r\nkey:00\r\n$0\r\n\r\n")]
    public void An_empty_value_is_one(bool isResp, string expected)
    {
        Load load = new() { KeyBytes = 6, ValueBytes = 0 };
        Assert.Equal(expected, Encode(load, isResp, isRead: false, key: 0));
    }

    [Fact]
    public void The_last_key_fills_its_digits()
    {
        Load load = new() { KeyBytes = 6 };
        Assert.Equal("read key:99\n", Encode(load, isResp: false, isRead: true, key: 99));
    }

    [Fact]
    public void A_batch_is_its_requests_one_after_the_other()
    {
        BatchWriter batches = new(
            new Load
            {
                Depth = 4,
                KeyBytes = 6,
                Keys = 100,
                ReadPercent = 100,
                Distribution = Distribution.Sequential,
            },
            isResp: false);

        Assert.Equal("read key:00\nread key:01\nread key:02\n", Encoding.ASCII.GetString(batches.Write(3)));
        Assert.Equal("read key:03\n", Encoding.ASCII.GetString(batches.Write(1)));
    }

    private static string Encode(Load load, bool isResp, bool isRead, int key)
    {
        RequestEncoder encoder = new(load, isResp);
        byte[] target = new byte[encoder.RequestBytesMax];
        return Encoding.ASCII.GetString(target, 0, encoder.Encode(isRead, key, target));
    }
}
