using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class PeerMessageCodecTests
{
    private static readonly string[] Canonicals =
    [
        "hello server 2 k7Qm2wXp - 60002 waiting", "hello server 2 k7Qm2wXp Fd03bNaa 0",
        "hello server 2 k7Qm2wXp Fd03bNaa east:60002 waiting eventual",
        "hello server 2 k7Qm2wXp Fd03bNaa [::1]:60002 eventual", "peer 10.0.0.7 60003", "peer ::1 60003",
        "member 3 Fd03bNaa east 60003", "member 3 Fd03bNaa ::1 0", "forgotten 4", "have -",
        "have ..7@1,9@2", "join", "joined", "statement 2 4 0-18@4", "statement 2 3,4 -",
        "settled 4 0-18@4,20-21@4", "settled 4 -", "lost 18-20@4",
        "copy - - - 0", "copy 4 0-9@1,0-18@4 18-20@4 7",
        "copied 5@2 write x lost", "copied 5@2 write x \"\"", "copied 6@2 delete \"a b\"", "copied-all 0",
        "copied-all 12345678901", "copy-after \"\"", "copy-after k", "copy-after \"a b\"",
    ];

    public static TheoryData<string> Messages => [.. Canonicals];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_line_comes_back_as_it_was(string line) =>
        Assert.Equal(line, PeerMessageCodec.Format(Wire.Peer(line)));

    [Fact]
    public void No_kind_of_message_is_forgotten_here() => Family.HasAnExampleOfEach(
        Canonicals.Select(Wire.Peer).Append(new PeerMessage.Error("syntax said, and never answered")),
        "PeerMessageCodecTests");

    [Fact]
    public void Of_a_hello_words_that_are_not_known_are_passed_over()
    {
        var hello = Assert.IsType<PeerMessage.Hello>(
            Wire.Peer("hello server 2 I2 C 60002 shiny waiting new"));

        Assert.True(hello.Waiting);
        Assert.False(hello.Eventual);
        Assert.Equal("C", hello.Cluster);
        Assert.Equal(new ServerAddress("", 60002), hello.Listens);
    }

    [Theory]
    [InlineData("hello", "it is: hello server ID INSTANCE CLUSTER PORT")]
    [InlineData("hello server 2 I2 -", "it is: hello server ID INSTANCE CLUSTER PORT")]
    [InlineData("hello client 2 I2 - 0", "it is: hello server ID INSTANCE CLUSTER PORT")]
    [InlineData("hello server 0 I2 - 0", "a server's id is a number")]
    [InlineData("hello server 2 \"\" - 0", "a bare word of at most 64 bytes")]
    [InlineData("hello server 2 - - 0", "a bare word of at most 64 bytes")]
    [InlineData("hello server 2 \"I 2\" - 0", "a bare word of at most 64 bytes")]
    [InlineData("hello server 2 I2 \"C 1\" 0", "a bare word of at most 64 bytes")]
    [InlineData("hello server 2 I2 - 65536", "PORT is a port, HOST:PORT, or 0")]
    [InlineData("hello server 2 I2 - ::1", "PORT is a port, HOST:PORT, or 0")]
    [InlineData("hello server 2 I2 - -1", "PORT is a port, HOST:PORT, or 0")]
    [InlineData("peer", "the host is missing")]
    [InlineData("peer east", "the port is missing")]
    [InlineData("peer east x", "a port is a number from 0 to 65535")]
    [InlineData("peer east west:1", "a port is a number from 0 to 65535")]
    [InlineData("peer \"\" 60003", "a host is a bare word")]
    [InlineData("peer \"a\\nb\" 60003", "a host is a bare word")]
    [InlineData("peer east 60003 x", "too many words; it is: peer HOST PORT")]
    [InlineData("member x I3 east 60003", "a server's id is a number")]
    [InlineData("member 3", "the instance is missing")]
    [InlineData("member 3 I3 east", "the port is missing")]
    [InlineData("member 3 I3 east 60003 x", "too many words; it is: member")]
    [InlineData("forgotten", "the server's id is missing")]
    [InlineData("forgotten 4 5", "too many words; it is: forgotten ID")]
    [InlineData("have", "the context is missing")]
    [InlineData("have x", "not a context")]
    [InlineData("have - -", "too many words; it is: have CONTEXT")]
    [InlineData("join me", "too many words; it is: join")]
    [InlineData("joined now", "too many words; it is: joined")]
    [InlineData("statement 2 4", "a list of ranges is missing")]
    [InlineData("statement 2 x -", "not a set of server ids")]
    [InlineData("statement 2 4 5@4", "not a list of ranges")]
    [InlineData("statement 2 4 - -", "too many words; it is: statement")]
    [InlineData("settled", "the set of forgotten servers is missing")]
    [InlineData("lost", "a list of ranges is missing")]
    [InlineData("settled 4", "a list of ranges is missing")]
    [InlineData("settled 4 - -", "too many words; it is: settled")]
    [InlineData("copy - -", "a list of ranges is missing")]
    [InlineData("copy - - - 0 -", "too many words; it is: copy")]
    [InlineData("copied", "the version is missing")]
    [InlineData("copied x write k v", "not a version")]
    [InlineData("copied 5@2", "it is: copied VERSION write KEY VALUE")]
    [InlineData("copied 5@2 write k", "the value to write is missing")]
    [InlineData("copied 5@2 write k v delete x", "too many words; it is: copied")]
    [InlineData("copied 5@2 delete k v", "too many words; it is: copied")]
    [InlineData("copy-after", "the key is missing")]
    [InlineData("copy-after k l", "too many words; it is: copy-after KEY")]
    [InlineData("copied-all", "the count is missing")]
    [InlineData("copied-all -1", "a count is a number")]
    [InlineData("copied-all x", "a count is a number")]
    [InlineData("copied-all 1 2", "too many words; it is: copied-all COUNT")]
    public void What_is_malformed_is_said(string line, string error) =>
        Assert.Contains(error, Wire.Refused(ErrorCode.Syntax, () => Wire.Peer(line)));

    [Theory]
    [InlineData("ping")]
    [InlineData("write x v")]
    [InlineData("\"\"")]
    public void What_servers_do_not_say_is_told(string line) =>
        Assert.Contains("servers do not say", Wire.Refused(ErrorCode.UnknownCommand, () => Wire.Peer(line)));

    [Fact]
    public void An_instance_has_at_most_64_bytes()
    {
        string longest = new('I', 64);

        Wire.Peer($"member 3 {longest} east 1");
        Wire.Refused(ErrorCode.Syntax, () => Wire.Peer($"member 3 {longest}I east 1"));
    }

    [Fact]
    public void An_error_cannot_end_its_line_early() => Assert.Equal(
        "error unknown-command servers do not say 'x have 9@9'",
        PeerMessageCodec.Format(new PeerMessage.Error("unknown-command servers do not say 'x\nhave 9@9'")));

    [Theory]
    [InlineData("hello server 2 I2 - 0", true)]
    [InlineData("  hello   server  2", true)]
    [InlineData("hello client alice", false)]
    [InlineData("hello servers", false)]
    [InlineData("hello", false)]
    [InlineData("", false)]
    [InlineData("helloserver 2", false)]
    public void A_first_line_tells_whether_a_server_is_there(string line, bool isServer) =>
        Assert.Equal(isServer, PeerMessageCodec.IsServerHello(Wire.Bytes(line)));
}
