using CausalStore.Protocol;

namespace CausalStore.Client.Shell;

/// <summary>What the command line asks for.</summary>
/// <param name="Servers">None: they must be asked for.</param>
/// <param name="Id">Null: not given.</param>
/// <param name="Record">The file in which the session is written down; null: none.</param>
/// <param name="Trace">The file to which what the session does and sees is traced; null: none.</param>
/// <param name="History">The file in which typed lines are kept for the next session; null: none.</param>
/// <param name="Request">The words of one request; none: they come from standard input.</param>
internal sealed record ClientArguments(
    IReadOnlyList<ServerAddress> Servers,
    string? Id,
    bool IsQuiet,
    bool IsEchoing,
    string? Record,
    string? Trace,
    string? History,
    IReadOnlyList<string> Request);
