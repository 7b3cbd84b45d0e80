using System.Text;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class RobustnessTests(ITestOutputHelper output)
{
    private static readonly string[] Vocabulary =
    [
        "hello", "server", "client", "peer", "member", "forgotten", "have", "join", "joined", "replicate",
        "error",
        "statement", "settled", "copy", "copied", "copied-all", "read", "write", "delete", "scan", "watch",
        "unwatch", "context", "pending", "why", "status", "members", "link", "forget", "ping", "cut", "heal",
        "delay", "step", "waiting", "eventual", "-", "..", "1", "2", "4", "5", "9", "0", "-1",
        "18446744073709551616",
        "9223372036854775807@2", "7@1", "..7@1", "7@2", "..9@2,7@4", "7@", "@1", "0@1", "0-5@2",
        "0-5@4,7-9@4",
        "5-5@1", "I3", "J1", "J2", "Other", "127.0.0.1", "60001", "127.0.0.1:60001", "x", "y", "\"\"", "\"",
        "\"a b\"", "\"\\x41\"", "\"\\n\"", "\"open", "\\", "é", "\t", "\u0001", "4,5", "4,,5", ",", "1,2",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Garbage_on_links_is_answered_with_errors_and_harms_nothing(int seed)
    {
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        var server = TestServer.Alone(3);
        server.Connect().Say("write safe 1");

        for (int count = 0; count < 300; count++)
        {
            var peer = server.Meet(RandomHello(random));
            peer.Heard();

            for (int line = 0; line < 20 && !peer.IsClosed; line++)
            {
                string text = Line(random);
                peer.Say(text);
                string[] heard = peer.Heard();

                if (text.TrimStart(' ').StartsWith("error ", StringComparison.Ordinal))
                {
                    Assert.DoesNotContain(
                        heard, answer => answer.StartsWith("error ", StringComparison.Ordinal));
                }
            }

            server.Pass(seconds: 0.1);
            peer.Leave();
        }

        Assert.StartsWith("value safe ", server.Connect().Say("read safe"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Garbage_from_clients_is_answered_line_by_line(int seed)
    {
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        var server = TestServer.Alone(3, options => options with { AllowFaults = true });
        server.MeetMember(1);
        var client = server.Connect();

        for (int count = 0; count < 10_000; count++)
        {
            string line = Line(random);
            bool isEmpty = line.Trim(' ').Length == 0;
            string[] answer = client.Ask(line);
            Assert.True(
                isEmpty || client.Session.IsBlocked || client.Session.IsClosing || answer.Length > 0, line);

            if (client.Session.IsBlocked || client.Session.IsClosing)
            {
                client.Leave();
                client = server.Connect();
            }
        }
    }

    [Theory]
    [InlineData("error")]
    [InlineData("error not-allowed it's \"open")]
    [InlineData("  error \u0001")]
    public void An_error_is_never_answered(string line)
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Heard();

        one.Say(line);

        Assert.Empty(one.Heard());
        Assert.Contains(
            server.Notices,
            notice => notice is Notice.Cluster { IsWarning: true } told
                && told.Text == $"server 1 says: {line}");
    }

    [Fact]
    public void An_error_is_one_line_whatever_it_quotes()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Heard();

        Assert.Single(server.Connect().Ask("\"a\\nb\""));
        Assert.Single(server.Connect().Ask("hello client x \"a\\nb\""));
        one.Say("\"a\\nb\"");
        Assert.Single(one.Heard());
    }

    private static string RandomHello(Random random) => random.Next(8) switch
    {
        0 => Line(random),
        1 => $"hello server {random.Next(1, 6)} Other I3 0 waiting",
        2 => $"hello server {random.Next(1, 6)} J{random.Next(1, 6)} - 0 waiting",
        3 or 4 => $"hello server {random.Next(1, 6)} J{random.Next(1, 6)} I3 0",
        _ => $"hello server {random.Next(1, 6)} J{random.Next(1, 6)} I3 0 waiting",
    };

    private static string Line(Random random)
    {
        StringBuilder line = new();

        for (int words = random.Next(9); words >= 0; words--)
        {
            line.Append(random.Next(40) == 0
                ? ((char)random.Next(1, 256)).ToString().Replace("\n", "", StringComparison.Ordinal)
                : Vocabulary[random.Next(Vocabulary.Length)]);
            line.Append(' ', random.Next(1, 3));
        }

        return random.Next(3) switch
        {
            0 => $"replicate {random.Next(1, 99)}@{random.Next(1, 6)} {random.Next(60)} "
                + $"{(random.Next(2) == 0 ? "-" : $"{random.Next(1, 40)}@{random.Next(1, 6)}")} {line}",
            _ => line.ToString(),
        };
    }
}
