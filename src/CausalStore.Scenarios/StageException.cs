namespace CausalStore.Scenarios;

/// <summary>The story cannot go on: a server does not start, a connection is lost.</summary>
public sealed class StageException(string message, Exception? inner = null) : Exception(message, inner);
