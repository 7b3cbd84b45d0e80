namespace CausalStore.Server.Storage;

/// <summary>Room on the disk that is given up when there is no other: what has been taken in can then still
/// be kept.
/// </summary>
internal sealed class Reserve(string path, int bytes)
{
    public const string Name = "reserve";
    public const int BytesDefault = 16 << 20;

    public bool IsHeld { get; private set; }

    /// <summary>Takes the room, for real: written, and on the disk.</summary>
    /// <returns>Whether there is as much.</returns>
    public bool TryHold()
    {
        if (IsHeld || (File.Exists(path) && new FileInfo(path).Length == bytes))
        {
            return IsHeld = true;
        }

        try
        {
            using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
            {
                byte[] zeros = new byte[1 << 20];

                for (long written = 0; written < bytes; written += zeros.Length)
                {
                    int length = (int)Math.Min(zeros.Length, bytes - written);
                    RandomAccess.Write(file, zeros.AsSpan(0, length), written);
                }

                RandomAccess.FlushToDisk(file);
            }

            IsHeld = true;
        }
        catch (IOException)
        {
            Release();
        }

        return IsHeld;
    }

    public void Release()
    {
        IsHeld = false;

        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
            // It holds on to what it has; the commit that wanted it goes on trying.
        }
    }
}
