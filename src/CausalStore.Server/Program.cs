using CausalStore.Server;

Func<string, string?>? ask = Console.IsInputRedirected ? null : Ask;
var (options, exitCode) = CommandLine.Read(
    args, ask, isTerminal: !Console.IsOutputRedirected, Console.Out, Console.Error);

return options is null
    ? exitCode
    : await new ServerHost(options, Console.Out, Console.Error, TimeProvider.System).RunAsync();

static string? Ask(string question)
{
    Console.Write(question);
    return Console.ReadLine();
}
