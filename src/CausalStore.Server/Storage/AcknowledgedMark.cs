using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace CausalStore.Server.Storage;

/// <summary>
/// A few bytes that say how far the journal had got: written after every commit, and never forced to the
/// disk. So they survive what a process can die of, and are never ahead of a journal that was.
/// </summary>
internal sealed class AcknowledgedMark(string journal) : IDisposable
{
    public const string Name = "journal.mark";
    private const int Length = sizeof(long) + sizeof(uint);

    private readonly SafeFileHandle _file = File.OpenHandle(
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(journal))!, Name),
        FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
    private readonly byte[] _bytes = new byte[Length];

    public void Set(long row)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes, row);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(sizeof(long)), Sum());

        try
        {
            RandomAccess.Write(_file, _bytes, fileOffset: 0);
        }
        catch (IOException)
        {
            // An older mark is a weaker one, and no wrong one.
        }
    }

    /// <summary>Null: nothing that can be relied on.</summary>
    public long? Read()
    {
        bool isWhole = RandomAccess.Read(_file, _bytes, fileOffset: 0) == Length;
        long row = BinaryPrimitives.ReadInt64LittleEndian(_bytes);
        uint sum = BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(sizeof(long)));
        return isWhole && sum == Sum() ? row : null;
    }

    public void Dispose() => _file.Dispose();

    private uint Sum() => Checksum.Of(_bytes.AsSpan(0, sizeof(long)));
}
