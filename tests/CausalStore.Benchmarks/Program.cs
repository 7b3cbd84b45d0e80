using BenchmarkDotNet.Running;
using CausalStore.Benchmarks.Sites;

if (args is ["sites", .. var rest])
{
    return SitesCommand.Run(rest, Console.Out, Console.Error);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
