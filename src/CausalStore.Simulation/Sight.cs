using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>
/// What somebody has seen: of every key the greatest version in its causal past. Who has seen that much must
/// never be shown less.
/// </summary>
internal sealed class Sight(int keys)
{
    private readonly WriteVersion[] _greatest = new WriteVersion[keys];

    /// <summary>The greatest version of that key; 0@0 for none.</summary>
    public WriteVersion this[int key] => _greatest[key];

    public int Keys => _greatest.Length;

    public WriteVersion Greatest => _greatest.Max();

    public void Add(int key, WriteVersion version)
    {
        if (version > _greatest[key])
        {
            _greatest[key] = version;
        }
    }

    public void Add(Sight other)
    {
        for (int key = 0; key < _greatest.Length; key++)
        {
            Add(key, other._greatest[key]);
        }
    }

    /// <summary>The first key of which the other has seen more; -1 where there is none.</summary>
    public int FirstBeyond(Sight other)
    {
        for (int key = 0; key < _greatest.Length; key++)
        {
            if (other._greatest[key] > _greatest[key])
            {
                return key;
            }
        }

        return -1;
    }

    public Sight Copy()
    {
        Sight copy = new(_greatest.Length);
        copy.Add(this);
        return copy;
    }
}
