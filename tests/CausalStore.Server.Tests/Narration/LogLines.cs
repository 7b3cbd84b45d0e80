using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace CausalStore.Server.Tests.Narration;

/// <summary>A log that keeps its lines; it can be made to block, as a terminal that nobody reads.</summary>
internal sealed class LogLines : ILogEventSink
{
    private readonly MessageTemplateTextFormatter _formatter = new("{Message:lj}");

    public LogLines() =>
        Logger = new LoggerConfiguration().MinimumLevel.Debug().WriteTo.Sink(this).CreateLogger();

    public ILogger Logger { get; }

    public List<string> Lines { get; } = [];

    /// <summary>Nothing is printed before it is set.</summary>
    public ManualResetEventSlim IsRead { get; } = new(initialState: true);

    public void Emit(LogEvent logEvent)
    {
        IsRead.Wait();
        using StringWriter text = new();
        _formatter.Format(logEvent, text);

        lock (Lines)
        {
            Lines.Add(text.ToString());
        }
    }
}
