using System.Buffers.Text;

namespace CausalStore.Protocol;

/// <summary>The number of a server, 1 to 65,535: it belongs to the server's data, for good.</summary>
public readonly record struct ServerId(ushort Value) : IComparable<ServerId>
{
    public static bool TryParse(ReadOnlySpan<byte> word, out ServerId id)
    {
        bool isNumber = Utf8Parser.TryParse(word, out ushort value, out int used) && used == word.Length;
        id = new ServerId(value);
        return isNumber && value > 0 && word[0] != '0';
    }

    public int CompareTo(ServerId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}
