using System.Collections.Concurrent;

namespace CausalStore.Client.Tests.Kit;

/// <summary>Makes a <see cref="FakeServer"/> answer GET and SET as Redis does.</summary>
internal sealed class RespAnswers
{
    private readonly ConcurrentDictionary<FakeConnection, List<string>> _requests = new();
    private readonly ConcurrentDictionary<string, string> _values = new();

    public ICollection<string> Keys => _values.Keys;

    public string Answer(FakeConnection connection, string line)
    {
        var request = _requests.GetOrAdd(connection, _ => []);
        request.Add(line);

        // *3, then a length and a word three times.
        if (request.Count < 1 + (2 * int.Parse(request[0][1..])))
        {
            return "";
        }

        string[] words = [.. request.Index().Where(line => line.Index > 0 && line.Index % 2 == 0)
            .Select(line => line.Item)];
        request.Clear();

        if (words[0] == "SET")
        {
            _values[words[1]] = words[2];
            return "+OK\r\n";
        }

        return _values.TryGetValue(words[1], out string? value)
            ? $"${value.Length}\r\n{value}\r\n"
            : "$-1\r\n";
    }
}
