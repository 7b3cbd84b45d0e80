using System.Runtime.InteropServices;
using CausalStore.Client.Shell;

using CancellationTokenSource stop = new();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

try
{
    return await ClientProgram.RunAsync(args, stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}

void End(PosixSignalContext context)
{
    // The first time it ends in good order; who insists ends it at once.
    context.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
