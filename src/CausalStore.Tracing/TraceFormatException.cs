namespace CausalStore.Tracing;

/// <summary>A line is none of a trace; the message says what is wrong with it.</summary>
public sealed class TraceFormatException(string message) : Exception(message);
