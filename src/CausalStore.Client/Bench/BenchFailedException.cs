namespace CausalStore.Client.Bench;

/// <summary>A run that could not begin or go on; the text says why.</summary>
internal sealed class BenchFailedException(string message) : Exception(message);
