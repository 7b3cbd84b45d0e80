using System.Buffers.Binary;
using System.Numerics;

namespace CausalStore.Server.Storage;

/// <summary>CRC-32C of what is kept: a disk that turns a bit over is found out.</summary>
internal static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> bytes) => Add(~0u, bytes);

    /// <summary>Of several parts, one after the other.</summary>
    public static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte one in bytes)
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return sum;
    }

    public static uint Add(uint sum, long number) => BitOperations.Crc32C(sum, (ulong)number);
}
