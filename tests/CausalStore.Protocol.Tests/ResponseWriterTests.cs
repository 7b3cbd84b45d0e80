using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class ResponseWriterTests
{
    [Fact]
    public void Every_reply_is_one_line()
    {
        byte[] key = Wire.Bytes("a b");
        byte[] value = Wire.Bytes("2\nlines");
        var version = Wire.Version("5@2");

        Is("ok", ResponseWriter.Ok);
        Is("ok 5@2", output => ResponseWriter.Ok(output, version));
        Is(@"value ""a b"" ""2\nlines"" 5@2", output => ResponseWriter.Value(output, key, value, version));
        Is(@"missing ""a b""", output => ResponseWriter.Missing(output, key));
        Is(@"missing ""a b"" 5@2", output => ResponseWriter.Missing(output, key, version));
        Is(@"update ""a b"" ""2\nlines"" 5@2", output => ResponseWriter.Update(output, key, value, version));
        Is(@"removed ""a b"" 5@2", output => ResponseWriter.Removed(output, key, version));
        Is(@"traced {""k"":""v""}", output => ResponseWriter.Traced(output, @"{""k"":""v""}"u8));
        Is("context -", output => ResponseWriter.Seen(output, Context.Empty));
        Is("welcome 1 -", output => ResponseWriter.Welcome(output, new ServerId(1), null));
        Is("welcome 1 c", output => ResponseWriter.Welcome(output, new ServerId(1), "c"));
        Is("pong", ResponseWriter.Pong);
        Is("end 3", output => ResponseWriter.End(output, 3));
    }

    [Fact]
    public void An_error_cannot_end_its_line_early() => Assert.Equal(
        "error unknown-command 'x ok 5@2' is no command\n",
        Wire.Written(output =>
            ResponseWriter.Error(output, ErrorCode.UnknownCommand, "'x\nok 5@2' is no command")));

    private static void Is(string line, Action<OutputBuffer> append) =>
        Assert.Equal(line + "\n", Wire.Written(append));
}
