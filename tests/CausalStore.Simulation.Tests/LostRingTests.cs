using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Simulation.Tests;

/// <summary>The story of the lost ring, in virtual time: z, the effect, overtakes y, its cause.</summary>
public sealed class LostRingTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(3);

    [Fact]
    public void The_answer_waits_for_the_post_it_answers()
    {
        Story story = new();
        story.WriteUpToTheAnswer();

        Assert.Equal(["missing y", "missing z"], story.At(3, "read y z"));
        Assert.Matches("^delayed 3@2 [0-9.]+ 2@1 write z glad$", story.At(3, "pending")[0]);
        Assert.Equal("end 1", story.At(3, "pending")[1]);

        story.Pass(Delay);

        Assert.Equal(["update x lost 1@1", "update y found 2@1", "update z glad 3@2"], story.PushedAt3);
        Assert.Equal(["end 0"], story.At(3, "pending"));

        foreach (int server in new[] { 1, 2, 3 })
        {
            Assert.Equal(
                ["value x lost 1@1", "value y found 2@1", "value z glad 3@2", "end 3"],
                story.At(server, "scan \"\""));
        }
    }

    [Fact]
    public void An_unrelated_write_does_not_wait_with_it()
    {
        Story story = new();
        story.WriteUpToTheAnswer();
        story.At(2, "write w other");
        story.Pass(TimeSpan.FromMilliseconds(50));

        Assert.Equal(["value w other 4@2"], story.At(3, "read w"));
        Assert.Equal("end 1", story.At(3, "pending")[^1]);
    }

    /// <summary>Three servers, and people at them who do what they are told.</summary>
    private sealed class Story
    {
        private readonly World _world;
        private readonly Session _carol;

        public Story()
        {
            Settings calm = new()
            {
                Profile = Profile.Plain,
                Servers = 3,
                Keys = Keys.CountMax,
                LatencyMax = TimeSpan.FromMilliseconds(1),
                Requests = new Settings.Mix(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            };
            _world = new World(seed: 1, _ => calm, keepsText: false);

            for (ushort id = 1; id <= 3; id++)
            {
                ServerAddress[] peers = id == 1 ? [] : [SimulatedServer.AddressOf(1)];
                _world.Start(
                    new ReplicaOptions
                    {
                        Id = new ServerId(id),
                        Instance = $"data{id}",
                        Port = SimulatedServer.AddressOf(id).Port,
                        Peers = peers,
                        AllowFaults = true,
                    },
                    host: id);
                Pass(TimeSpan.FromSeconds(5));
            }

            _carol = Server(3).OpenSession();
            Ask(3, _carol, "watch \"\"");
        }

        public IReadOnlyList<string> PushedAt3 => Lines(_carol.Output);

        /// <summary>Alice writes x; her link to Carol's server becomes slow; she writes y, and Bob
        /// answers.</summary>
        public void WriteUpToTheAnswer()
        {
            var alice = Server(1).OpenSession();
            var bob = Server(2).OpenSession();
            Ask(1, alice, "write x lost");
            Pass(TimeSpan.FromMilliseconds(50));
            Ask(1, alice, $"link 3 delay {Delay.TotalMilliseconds}");
            Ask(1, alice, "write y found");
            Pass(TimeSpan.FromMilliseconds(50));
            Assert.Equal(["value y found 2@1"], Ask(2, bob, "read y"));
            Ask(2, bob, "write z glad");
            Pass(TimeSpan.FromMilliseconds(50));
        }

        /// <summary>Somebody who has seen nothing asks.</summary>
        public List<string> At(int server, string request) =>
            Ask(server, Server(server).OpenSession(), request);

        public void Pass(TimeSpan time) => _world.Timeline.RunUntil(_world.Timeline.Now + time);

        private SimulatedServer Server(int id) => _world.Servers.Single(server => server.Id.Value == id);

        private List<string> Ask(int server, Session session, string request)
        {
            IReadOnlyList<Response> answer = [];
            Server(server).Turn(_ => answer = Server(server).Ask(session, request));
            return [.. answer.Select(World.Words)];
        }

        private List<string> Lines(OutputBuffer output) => [.. _world.Parse(output).Select(World.Words)];
    }
}
