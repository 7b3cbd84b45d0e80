using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Server.Journal;
using CausalStore.Server.Narration;
using CausalStore.Server.Network;
using Serilog;
using Serilog.Events;
using Serilog.Sinks.SystemConsole.Themes;

namespace CausalStore.Server;

/// <summary>Builds the parts of one server, starts them, and stops them in order.</summary>
internal sealed class ServerHost(
    ServerOptions options, TextWriter output, TextWriter error, TimeProvider time)
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int InstanceCharacters = 16;
    private ServerLoop? _loop;
    private bool _stopRequested;

    /// <summary>Serves until it is told to stop by SIGINT or SIGTERM, or must end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var broken = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnSignal);
        Listener listener;

        try
        {
            listener = Listener.Open(options.Bind, options.Port);
        }
        catch (SocketException failure)
        {
            string advice = Listener.Advice(failure, options.Bind, options.Port);
            Fail($"Server {options.Id} cannot listen: {advice}");
            return Failed;
        }

        using (listener)
        {
            return await ServeAsync(listener);
        }
    }

    /// <summary>Ends it as a signal does.</summary>
    public void RequestStop()
    {
        Volatile.Write(ref _stopRequested, true);
        Volatile.Read(ref _loop)?.RequestStop();
    }

    private async Task<int> ServeAsync(Listener listener)
    {
        await using var log = CreateLog();
        await using Narrator narrator = new(log, new Story(log, options.Consistency), options.Verbosity);
        using var poller = Pollers.Create();
        await using Dialer dialer = new(poller.Wake);
        Effects effects = new() { Narrating = options.Verbosity == Verbosity.Narrate };
        Replica replica = new(OptionsOf(listener), effects);
        ServerLoop loop = new(
            replica, effects, listener, poller, new MemoryJournal(), dialer, narrator, time,
            options.LineBytesMax);

        await output.WriteLineAsync($"Server {options.Id} listening on port {listener.Port}");
        await output.FlushAsync();
        Announce();
        narrator.Start();
        Volatile.Write(ref _loop, loop);

        // A signal that came before there was a loop.
        if (Volatile.Read(ref _stopRequested))
        {
            loop.RequestStop();
        }

        return await RunAsync(loop);
    }

    private async Task<int> RunAsync(ServerLoop loop)
    {
        try
        {
            var end = await Task.Factory.StartNew(
                loop.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return Report(end);
        }
        catch (Exception failure)
        {
            // Whatever it is, the replica's state cannot be trusted any more: better none than a wrong one.
            Fail($"Server {options.Id} stops: a mistake in the server itself. Please report this:");
            Fail(failure.ToString());
            return Failed;
        }
    }

    private int Report(LoopEnd end)
    {
        if (end.Advice is { } advice)
        {
            Fail($"Server {options.Id} stops: {advice}");
            return Failed;
        }

        if (end.Undelivered > 0)
        {
            Fail($"Server {options.Id} has stopped; {end.Undelivered} of the writes that it knows had not"
                + " reached every connected server, and are lost unless another one has them (data are in"
                + " memory only).");
        }
        else if (options.Verbosity != Verbosity.Quiet)
        {
            error.WriteLine($"Server {options.Id} has stopped; every connected server has its writes.");
        }

        return Done;
    }

    private void Announce()
    {
        if (options.DataDirectory is { } directory)
        {
            Fail($"--data {directory}: this version keeps data in memory only; they end with the process.");
        }

        if (options.Consistency == Consistency.Eventual)
        {
            Fail("NOT CAUSAL: started with --consistency eventual, this server shows effects before their"
                + " causes. It is for teaching and measuring.");
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        RequestStop();
    }

    private void Fail(string text) => error.WriteLine(text);

    private Serilog.Core.Logger CreateLog()
    {
        bool isNarrating = options.Verbosity == Verbosity.Narrate;
        bool isPlain = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

        return new LoggerConfiguration()
            .MinimumLevel.Is(LogEventLevel.Information)
            .WriteTo.Console(
                outputTemplate: "{Timestamp:HH:mm:ss.fff} {Message:lj}{NewLine}",
                theme: isPlain ? ConsoleTheme.None : AnsiConsoleTheme.Code,
                standardErrorFromLevel: isNarrating ? null : LogEventLevel.Verbose)
            .CreateLogger();
    }

    private ReplicaOptions OptionsOf(Listener listener)
    {
        ReplicaOptions standard = new()
        {
            Id = options.Id,
            Instance = RandomNumberGenerator.GetHexString(InstanceCharacters, lowercase: true),
        };

        return standard with
        {
            Port = listener.Port,
            Advertise = options.Advertise,
            Peers = options.Peers,
            Found = options.Found,
            Consistency = options.Consistency,
            AllowFaults = options.AllowFaults,
            ContextWait = options.ContextWait,
            RelayAfter = options.RelayAfter,
            RetainBytesMax = options.RetainBytes ?? standard.RetainBytesMax,
        };
    }
}
