using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Server.Commands;
using CausalStore.Server.Journal;
using CausalStore.Server.Narration;
using CausalStore.Server.Network;
using CausalStore.Server.Storage;
using CausalStore.Server.Tracing;
using CausalStore.Tracing;
using Microsoft.Data.Sqlite;
using Serilog;
using Serilog.Events;
using Serilog.Sinks.SystemConsole.Themes;

namespace CausalStore.Server;

/// <summary>Builds the parts of one server, starts them, and stops them in order.</summary>
internal sealed class ServerHost(
    ServerOptions options, TextWriter output, TextWriter error, TimeProvider time,
    CommandInput? commands = null)
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int InstanceCharacters = 16;
    private ServerLoop? _loop;
    private bool _stopRequested;

    private TracedProcess Process => TracedProcess.Server(options.Id);

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
            return options.TraceFile is { } path
                ? await ServeTracedAsync(listener, path)
                : await ServeAsync(listener, file: null);
        }
    }

    /// <summary>Ends it as a signal does.</summary>
    public void RequestStop()
    {
        Volatile.Write(ref _stopRequested, true);
        Volatile.Read(ref _loop)?.RequestStop();
    }

    private async Task<int> ServeTracedAsync(Listener listener, string path)
    {
        FileStream file;

        try
        {
            file = TraceFile.Open(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Fail($"Server {options.Id} cannot write its trace to {path}: {failure.Message}");
            return Failed;
        }

        await using TraceFile trace = new(file, Process, time, Fail);
        return await ServeAsync(listener, trace);
    }

    private async Task<int> ServeAsync(Listener listener, TraceFile? file)
    {
        DataDirectory? data;

        try
        {
            data = options.DataDirectory is { } directory ? DataDirectory.Open(StorageOf(directory)) : null;
        }
        catch (StorageException wrong)
        {
            Fail($"Server {options.Id} does not start: {wrong.Message}");
            return Failed;
        }

        using (data)
        {
            await output.WriteLineAsync($"Server {options.Id} listening on port {listener.Port}");
            await output.FlushAsync();
            Announce();
            ServerTrace trace = new(Process, options.Consistency, time, file);
            return await ServeAsync(listener, data, trace, isTracing: file is not null);
        }
    }

    private async Task<int> ServeAsync(
        Listener listener, DataDirectory? data, ServerTrace trace, bool isTracing)
    {
        await using var log = CreateLog();
        await using Narrator narrator = new(log, new Story(log, options.Consistency), options.Verbosity);
        using var poller = Pollers.Create();
        await using Dialer dialer = new(poller.Wake);
        Effects effects = new()
        {
            Journaling = data is not null,
            Narrating = options.Verbosity == Verbosity.Narrate,
            Tracing = isTracing,
        };
        Replica replica = new(OptionsOf(listener, data), effects);

        try
        {
            data?.Load(replica.Recover());
        }
        catch (StorageException wrong)
        {
            Fail($"Server {options.Id} stops: {wrong.Message}");
            return Failed;
        }

        var kept = data is null ? null : new SqliteJournal(data, JournalOptions(), poller.Wake, time);
        IJournal journal = kept is null ? new MemoryJournal() : kept;
        ServerLoop loop = new(
            replica, effects, listener, poller, journal, dialer, narrator, trace, time, options.LineBytesMax);
        kept?.Start();
        narrator.Start();
        trace.Start();
        Volatile.Write(ref _loop, loop);

        // A signal that came before there was a loop.
        if (Volatile.Read(ref _stopRequested))
        {
            loop.RequestStop();
        }

        var end = await RunWithCommandsAsync(loop, listener.EndPoint);
        string? failure = Finish(data, kept, end is null ? null : replica.TakeChanges);
        return end is { } known ? Report(known with { Advice = failure ?? known.Advice }) : Failed;
    }

    /// <returns>What went wrong; null: nothing.</returns>
    private string? Finish(DataDirectory? data, SqliteJournal? kept, Func<StateChanges>? changes)
    {
        try
        {
            if (kept?.Stop(changes) == true)
            {
                data!.Finish();
            }

            return kept?.Failure;
        }
        catch (Exception failure) when (failure is SqliteException or IOException)
        {
            return StorageAdvice.CannotKeep(options.DataDirectory!, failure);
        }
    }

    private async Task<LoopEnd?> RunWithCommandsAsync(ServerLoop loop, IPEndPoint listening)
    {
        if (commands is null)
        {
            return await RunAsync(loop);
        }

        using CancellationTokenSource ended = new();
        using CommandTerminal terminal = new(commands, $"server {options.Id}", listening, RequestStop);
        var typing = terminal.RunAsync(ended.Token);
        var end = await RunAsync(loop);
        await ended.CancelAsync();
        await typing;
        return end;
    }

    /// <returns>Null: the server itself is at fault.</returns>
    private async Task<LoopEnd?> RunAsync(ServerLoop loop)
    {
        try
        {
            return await Task.Factory.StartNew(
                loop.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (Exception failure)
        {
            // Whatever it is, the replica's state cannot be trusted any more: better none than a wrong one.
            Fail($"Server {options.Id} stops: a mistake in the server itself. Please report this:");
            Fail(failure.ToString());
            return null;
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
                + " reached every connected server" + (options.DataDirectory is { } directory
                    ? $"; they are kept in {directory} and go on from there."
                    : ", and are lost unless another one has them (data are in memory only)."));
        }
        else if (options.Verbosity != Verbosity.Quiet)
        {
            error.WriteLine($"Server {options.Id} has stopped; every connected server has its writes.");
        }

        return Done;
    }

    private void Announce()
    {
        bool isWeak = options.Fsync != Fsync.Always;

        if (options.DataDirectory is { } directory && (isWeak || options.Verbosity != Verbosity.Quiet))
        {
            Fail($"Data in {directory}, --fsync {FsyncPromise.Describe(options.Fsync)}.");
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

    private StorageOptions StorageOf(string directory) => new()
    {
        Directory = directory,
        Id = options.Id,
        NewInstance = NewInstance(),
        Consistency = options.Consistency,
        Fsync = options.Fsync,
        Boot = Boot.Current(time),
        RetainBytes = options.RetainBytes,
    };

    private SqliteJournalOptions JournalOptions() => new()
    {
        Fsync = options.Fsync,
        RetainBytes = options.RetainBytes,
    };

    public static string NewInstance() =>
        RandomNumberGenerator.GetHexString(InstanceCharacters, lowercase: true);

    private ReplicaOptions OptionsOf(Listener listener, DataDirectory? data)
    {
        ReplicaOptions standard = new() { Id = options.Id, Instance = data?.Instance ?? NewInstance() };

        return standard with
        {
            DataDirectory = options.DataDirectory,
            Durability = data is null ? standard.Durability : FsyncPromise.Describe(options.Fsync),
            Port = listener.Port,
            Advertise = options.Advertise,
            Peers = options.Peers,
            Found = options.Found,
            Consistency = options.Consistency,
            AllowFaults = options.AllowFaults,
            ContextWait = options.ContextWait,
            RelayAfter = options.RelayAfter,
            RetainBytesMax = options.RetainBytes,
        };
    }
}
