namespace CausalStore.Server.Commands;

/// <summary>Where a server takes commands from, besides its clients.</summary>
internal enum CommandsFrom
{
    /// <summary>Its terminal, if it has one and somebody can type there.</summary>
    Terminal,

    /// <summary>Standard input, whatever that is.</summary>
    StandardInput,

    Nobody,
}
