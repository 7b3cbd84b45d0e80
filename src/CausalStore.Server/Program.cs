using CausalStore.Server;
using CausalStore.Server.Commands;

Func<string, string?>? ask = Console.IsInputRedirected ? null : Ask;
var (options, exitCode) = CommandLine.Read(
    args, ask, isTerminal: !Console.IsOutputRedirected, Console.Out, Console.Error);

if (options is null)
{
    return exitCode;
}

var commands = ConsoleCommands.Open(options.Commands);
return await new ServerHost(options, Console.Out, Console.Error, TimeProvider.System, commands).RunAsync();

static string? Ask(string question)
{
    Console.Write(question);
    return Console.ReadLine();
}
