using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>What a client takes along to another server: the last <c>context</c> or <c>ok VERSION</c>, and
/// every version shown or pushed since.</summary>
internal sealed class ClientContext
{
    private readonly List<WriteVersion> _since = [];
    private string _base = "-";

    public bool IsEmpty => _base == "-" && _since.Count == 0;

    public void Is(Context context)
    {
        _base = context.ToString();
        _since.Clear();
    }

    public void Shows(WriteVersion version)
    {
        if (!_since.Contains(version))
        {
            _since.Add(version);
        }
    }

    public ClientContext Copy()
    {
        ClientContext copy = new() { _base = _base };
        copy._since.AddRange(_since);
        return copy;
    }

    public override string ToString() => (_base, _since.Count) switch
    {
        (_, 0) => _base,
        ("-", _) => string.Join(',', _since),
        _ => $"{_base},{string.Join(',', _since)}",
    };
}
