using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>A request that did not succeed. Each kind says whether it may have been carried out.</summary>
public abstract class StoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The server refused: nothing was written.</summary>
public sealed class RefusedException(ErrorCode code, string reason)
    : StoreException($"{code.Name()}: {reason}")
{
    public ErrorCode Code { get; } = code;

    /// <summary>What the server said, without the code.</summary>
    public string Reason { get; } = reason;
}

/// <summary>No server could be reached: nothing was written.</summary>
public sealed class ConnectionLostException(string message) : StoreException(message);

/// <summary>What the session does can no longer be written down (<see cref="HistoryRecorder"/>): nothing was
/// sent.</summary>
public sealed class RecordingFailedException(string reason)
    : StoreException($"recording stopped: {reason}");

/// <summary>The connection broke, or the server failed, while a write was under way: it may have been carried
/// out or not, and is not tried again. Read, and decide.</summary>
public sealed class UnknownOutcomeException(string message) : StoreException(message);

/// <summary>The pushes came faster than they were taken, and the queue was full: what came before is
/// delivered, then this, and nothing after it.</summary>
public sealed class PushesCutOffException(string message) : StoreException(message);
