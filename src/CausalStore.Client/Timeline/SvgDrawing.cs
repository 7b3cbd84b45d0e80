namespace CausalStore.Client.Timeline;

internal sealed class SvgDrawing(IReadOnlyList<Run> runs)
{
    public void Write(TextWriter output) => output.Write(runs.Count);
}
