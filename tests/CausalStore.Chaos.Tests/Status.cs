using System.Text;
using CausalStore.Client;
using CausalStore.Protocol;

namespace CausalStore.Chaos.Tests;

/// <summary>The lines of <c>status</c>.</summary>
internal sealed class Status
{
    private readonly Dictionary<string, string> _values = [];

    public Status(Reply reply)
    {
        foreach (var line in reply.Lines.SkipLast(1))
        {
            string[] parts = Encoding.UTF8.GetString(line.Bytes.Span).Split(' ', 2);
            _values[parts[0]] = parts[1];
        }
    }

    public Context Applied => Context.Parse(Encoding.UTF8.GetBytes(_values["applied"]));

    public bool Is(string name, string value) => _values.GetValueOrDefault(name) == value;

    /// <summary>Serves, and waits for nobody and nothing.</summary>
    public bool IsAtRest => Is("state", "serving") && Is("delayed", "0")
        && !_values.ContainsKey("settlement") && !_values.ContainsKey("catching-up");

    /// <summary>What all servers must agree on when nothing is under way.</summary>
    public string Agreed =>
        $"{string.Join(',', Applied.ToString().Split(',').Order())}; members {_values["members"]}; "
        + $"keys {_values["keys"]}; forgotten {_values["forgotten"]}; lost {_values["lost"]}";

    public override string ToString() =>
        string.Join('\n', _values.Select(pair => $"{pair.Key} {pair.Value}"));
}
