using System.Runtime.InteropServices;
using CausalStore.Client;

var (options, exitCode) = ClientOptions.Read(args);

if (options is null)
{
    return exitCode;
}

using CancellationTokenSource stopping = new();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopping.Cancel();
}

using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    return await new ClientProgram(options).RunAsync(stopping.Token);
}
catch (OperationCanceledException)
{
    return 0;
}
