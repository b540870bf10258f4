namespace DeepSeek.Federated.Parameters.Versions;

/// <summary>Reading formats whose length is known: neither a byte less nor a byte more.</summary>
internal static class ExactRead
{
    internal static void ReadAllOf(this Stream stream, Span<byte> to, string what)
    {
        if (stream.ReadAtLeast(to, to.Length, throwOnEndOfStream: false) < to.Length)
            throw new InvalidDataException($"The {what} is cut short: fetch it again.");
    }

    internal static void ExpectEnd(this Stream stream, string what)
    {
        if (stream.ReadByte() >= 0) throw new InvalidDataException($"Bytes follow the end of the {what}: fetch it again.");
    }
}
