using CausalStore.Terminal;
using CausalStore.Tracing;

namespace CausalStore.Client.Shell;

/// <summary>The console program: at the prompt, one request, or a script.</summary>
internal sealed class ClientProgram
{
    private const string DefaultName = "client";

    private static readonly bool IsInputTyped = !Console.IsInputRedirected;
    private static readonly bool IsForPeople = !Console.IsOutputRedirected;

    private readonly ClientArguments _arguments;
    private readonly Interrupts _interrupts;
    private readonly Screen _screen =
        new(Console.Out, Ansi.HasColour(), Columns) { IsAnsi = Ansi.IsObeyed() };
    private readonly IDisplay _display;
    private readonly Transcript _transcript = new();
    private readonly HistoryRecorder? _recorder;
    private readonly TraceFile? _trace;

    private ClientProgram(
        ClientArguments arguments, HistoryRecorder? recorder, TraceFile? trace, Interrupts interrupts)
    {
        _arguments = arguments;
        _interrupts = interrupts;
        _recorder = recorder;
        _trace = trace;
        _display = IsForPeople
            ? new PeopleDisplay(_screen, arguments.IsQuiet)
            : new RawDisplay(
                Console.OpenStandardOutput(), Console.Error, arguments.IsQuiet, arguments.IsEchoing);
    }

    private bool IsAtPrompt => IsInputTyped && IsForPeople && _arguments.Request.Count == 0;

    /// <summary>Returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, Interrupts interrupts, CancellationToken stop)
    {
        if (await RunCommandAsync(args, stop) is { } ended)
        {
            return ended;
        }

        var arguments = new CommandLine().Parse(args, Console.Out, Console.Error, out int exitCode);

        if (arguments is null)
        {
            return exitCode;
        }

        if (arguments.Servers.Count == 0 && IsInputTyped)
        {
            arguments = await Questions.AskAsync(arguments, Console.Out, Console.ReadLine, stop);
        }

        if (arguments.Servers.Count == 0 || !CommandLine.IsName(arguments.Id ?? DefaultName))
        {
            await Console.Error.WriteLineAsync(arguments.Servers.Count == 0
                ? "Which server? Say '--port 60001' or '--server HOST:PORT'; '--help' shows more."
                : "'--id' needs a name of 1 to 1024 bytes.");
            return 2;
        }

        HistoryRecorder? recorder;
        TraceFile? trace;

        try
        {
            recorder = arguments.Record is { } file ? HistoryRecorder.AppendTo(file) : null;
            trace = arguments.Trace is { } traced ? OpenTrace(traced, arguments) : null;
        }
        catch (Exception error) when (
            error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"cannot record: {error.Message}");
            return 1;
        }

        await using (trace)
        {
            trace?.Start();
            return await new ClientProgram(arguments, recorder, trace, interrupts).RunAsync(stop);
        }
    }

    /// <summary>Null: none of them is meant.</summary>
    private static async Task<int?> RunCommandAsync(string[] args, CancellationToken stop)
    {
        if (TimelineCommand.IsMeant(args))
        {
            return new TimelineCommand(Console.Out, Console.Error).Run(args);
        }

        if (CheckCommand.IsMeant(args))
        {
            return new CheckCommand(Console.OpenStandardInput(), Console.Out, Console.Error).Run(args);
        }

        if (BenchCommand.IsMeant(args))
        {
            return new BenchCommand(Console.Out, Console.Error).Run(args, stop);
        }

        if (PlayCommand.IsMeant(args))
        {
            return await new PlayCommand(Console.Out, Console.Error).RunAsync(args, stop);
        }

        if (TopCommand.IsMeant(args))
        {
            return await new TopCommand(Console.Out, Console.Error).RunAsync(
                args, IsForPeople && IsInputTyped, stop);
        }

        return WatchUiCommand.IsMeant(args)
            ? await new WatchUiCommand(Console.Out, Console.Error).RunAsync(args, stop)
            : null;
    }

    private static TraceFile OpenTrace(string path, ClientArguments arguments) => new(
        TraceFile.Open(path), TracedProcess.Client(arguments.Id ?? DefaultName), TimeProvider.System,
        Console.Error.WriteLine);

    private async Task<int> RunAsync(CancellationToken stop)
    {
        StoreClient client;

        try
        {
            client = await StoreClient.ConnectAsync(Options(), stop);
        }
        catch (StoreException error)
        {
            _display.Failure($"cannot connect: {error.Message}");
            return 1;
        }

        int exitCode;

        await using (client)
        {
            exitCode = await RunAsync(client, stop);
        }

        if (_recorder?.Failure is not { } failure)
        {
            return exitCode;
        }

        _display.Failure($"recording stopped: {failure}");
        return 1;
    }

    private async Task<int> RunAsync(StoreClient client, CancellationToken stop)
    {
        RequestRunner runner = new(client, _display, _transcript);

        if (_arguments.Request.Count > 0)
        {
            return await RunOnceAsync(runner, stop);
        }

        if (IsAtPrompt)
        {
            await RunPromptAsync(client, runner, stop);
            return 0;
        }

        using LineInput input = new(Console.OpenStandardInput());
        return await new Script(client, runner, _display, input).RunAsync(stop);
    }

    private async Task RunPromptAsync(StoreClient client, RequestRunner runner, CancellationToken stop)
    {
        LineHistory history = new();
        var file = _arguments.History is { } path ? new LineHistoryFile(path, TimeProvider.System) : null;

        if (file is not null && await file.ReadIntoAsync(history, stop) is { } failure)
        {
            _display.Note($"earlier lines cannot be had: {failure}");
        }

        Keyboard keyboard = new();
        Prompt prompt = new(client, runner, _display, _screen, keyboard, history) { HistoryFile = file };
        keyboard.Start(() => Console.ReadKey(intercept: true));
        using ScreenSignals signals = new(_screen);
        _interrupts.Taker = prompt.Interrupt;

        try
        {
            await prompt.RunAsync(_arguments.Id ?? DefaultName, stop);
        }
        finally
        {
            _interrupts.Taker = null;
        }
    }

    /// <summary>Each argument is one word.</summary>
    private async Task<int> RunOnceAsync(RequestRunner runner, CancellationToken stop)
    {
        if (_arguments.Request is ["help", ..])
        {
            Help.Print(_screen, _arguments.Request.ElementAtOrDefault(1));
            return 0;
        }

        var request = RequestLine.Of(_arguments.Request.Select(argument => (Word)argument));
        var (outcome, reason) = await runner.RunAsync(request, stop);

        if (outcome == Outcome.Failed)
        {
            _display.Failure(reason);
        }

        return outcome == Outcome.Failed ? 1 : 0;
    }

    private StoreClientOptions Options() => new()
    {
        Servers = _arguments.Servers,
        Name = _arguments.Id ?? DefaultName,
        OnNotice = _display.Note,
        OnPush = Push,

        Recorder = _recorder,
        Trace = _trace,

        // A script goes on at another server; a person may wait for the only one to come back.
        WhenLost = IsAtPrompt ? WhenLost.KeepTrying
            : _arguments.Servers.Count > 1 ? WhenLost.TryOnce
            : WhenLost.End,
    };

    private void Push(ReplyLine line)
    {
        _transcript.Add(line);
        _display.Push(line);
    }

    private static int Columns()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
