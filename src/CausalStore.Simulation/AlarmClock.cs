namespace CausalStore.Simulation;

/// <summary>Gives a server its next turn when it wants one.</summary>
internal sealed class AlarmClock(Timeline timeline, string name, Action rings)
{
    private const int HurriesMax = 100;

    private TimeSpan _due = TimeSpan.MaxValue;
    private int _hurries;

    /// <exception cref="BrokenPromiseException">The next turn is wanted at once, again and
    /// again.</exception>
    public void Set(TimeSpan due)
    {
        _hurries = due <= timeline.Now ? _hurries + 1 : 0;

        if (_hurries > HurriesMax)
        {
            throw new BrokenPromiseException(
                Promises.CleanAnswers, $"{name} has had its turn and always wants the next one at once");
        }

        due = _hurries > 0 ? timeline.Now + TimeSpan.FromMicroseconds(1) : due;

        if (due < _due)
        {
            _due = due;
            timeline.At(due, () => Ring(due));
        }
    }

    private void Ring(TimeSpan due)
    {
        if (due == _due)
        {
            _due = TimeSpan.MaxValue;
            rings();
        }
    }
}
