namespace CausalStore.Simulation;

/// <summary>Gives a server a turn when it wants one.</summary>
internal sealed class Alarm(SimulatedServer server)
{
    private const int HurriesMax = 100;

    private TimeSpan _next = TimeSpan.MaxValue;
    private int _hurries;

    /// <summary>It wants its next turn then, at the latest.</summary>
    public void Set(TimeSpan time)
    {
        var timeline = server.World.Timeline;
        _hurries = time <= timeline.Now ? _hurries + 1 : 0;

        if (_hurries > HurriesMax)
        {
            throw new BrokenPromiseException(
                Promises.CleanAnswers,
                $"server {server.Id} has had its turn and always wants the next one at once");
        }

        time = _hurries > 0 ? timeline.Now + TimeSpan.FromMicroseconds(1) : time;

        if (time < _next)
        {
            _next = time;
            timeline.At(time, () => Ring(time));
        }
    }

    private void Ring(TimeSpan time)
    {
        if (time == _next)
        {
            _next = TimeSpan.MaxValue;
            server.Turn(_ => { });
        }
    }
}
