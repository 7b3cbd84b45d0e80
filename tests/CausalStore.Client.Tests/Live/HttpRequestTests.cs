using System.Text;
using CausalStore.Client.Live;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Live;

public sealed class HttpRequestTests
{
    [Fact]
    public async Task A_request_has_a_path_headers_and_a_body()
    {
        var request = await ReadAsync(
            "POST /link?x=1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nX-Token:  t \r\n"
            + "Content-Length: 7\r\n\r\n1 3 cut");

        Assert.Equal(("POST", "/link", "1 3 cut"), (request!.Method, request.Path, request.Body));
        Assert.Equal(("127.0.0.1:1", "t", ""), (
            request.Header("host"), request.Header("x-token"), request.Header("origin")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HTTP/1.1\r\nHost: a")]
    [InlineData("GET /\r\n\r\n")]
    [InlineData("write x lost\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nno header\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 2000\r\n\r\n")]
    public async Task What_is_none_is_none(string text) => Assert.Null(await ReadAsync(text));

    [Fact]
    public async Task A_head_without_end_is_not_read_for_ever() =>
        Assert.Null(await ReadAsync("GET / HTTP/1.1\r\nX: " + new string('x', 100_000)));

    /// <summary>Byte by byte, as a network may bring it.</summary>
    private static Task<HttpRequest?> ReadAsync(string text) =>
        HttpRequest.ReadAsync(new Drops(Encoding.UTF8.GetBytes(text)), Eventually.Stop).InTime();

    private sealed class Drops(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken stop = default) =>
            base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], stop);
    }
}
