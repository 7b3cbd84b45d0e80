using System.Runtime.InteropServices;
using CausalStore.Client.Shell;

using CancellationTokenSource stop = new();
Interrupts interrupts = new();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

try
{
    return await ClientProgram.RunAsync(args, interrupts, stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}

void Interrupt(PosixSignalContext context)
{
    if (interrupts.TryGive())
    {
        context.Cancel = true;
    }
    else
    {
        End(context);
    }
}

void End(PosixSignalContext context)
{
    // The first time it ends in good order; who insists ends it at once.
    context.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
