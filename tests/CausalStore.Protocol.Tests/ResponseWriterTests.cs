using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class ResponseWriterTests
{
    [Fact]
    public void Every_reply_is_one_line()
    {
        byte[] key = Wire.Bytes("a key");
        byte[] value = Wire.Bytes("two\nlines");
        var version = Wire.Version("5@2");

        Assert.Equal("ok\n", Wire.Written(ResponseWriter.Ok));
        Assert.Equal("ok 5@2\n", Wire.Written(output => ResponseWriter.Ok(output, version)));
        Assert.Equal(
            "value \"a key\" \"two\\nlines\" 5@2\n",
            Wire.Written(output => ResponseWriter.Value(output, key, value, version)));
        Assert.Equal("missing \"a key\"\n", Wire.Written(output => ResponseWriter.Missing(output, key)));
        Assert.Equal("missing \"a key\" 5@2\n", Wire.Written(output => ResponseWriter.Missing(output, key, version)));
        Assert.Equal(
            "update \"a key\" \"two\\nlines\" 5@2\n",
            Wire.Written(output => ResponseWriter.Update(output, key, value, version)));
        Assert.Equal("removed \"a key\" 5@2\n", Wire.Written(output => ResponseWriter.Removed(output, key, version)));
        Assert.Equal("context -\n", Wire.Written(output => ResponseWriter.Seen(output, Context.Empty)));
        Assert.Equal("welcome 1 -\n", Wire.Written(output => ResponseWriter.Welcome(output, new ServerId(1), null)));
        Assert.Equal("welcome 1 c\n", Wire.Written(output => ResponseWriter.Welcome(output, new ServerId(1), "c")));
        Assert.Equal("pong\n", Wire.Written(ResponseWriter.Pong));
        Assert.Equal("end 3\n", Wire.Written(output => ResponseWriter.End(output, 3)));
    }

    [Fact]
    public void An_error_cannot_end_its_line_early() => Assert.Equal(
        "error unknown-command 'x ok 5@2' is no command\n",
        Wire.Written(output =>
            ResponseWriter.Error(output, ErrorCode.UnknownCommand, "'x\nok 5@2' is no command")));
}
