using System.Security.Cryptography;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Parameters.Protection;

/// <summary>The Merkle root of a blob over pieces of 1 MiB, computed while the bytes stream by. O(log pieces) memory; not thread-safe.</summary>
/// <remarks>RFC 6962 section 2.1: leaf = SHA-256(0x00 | piece), node = SHA-256(0x01 | left | right), empty = SHA-256 of nothing.</remarks>
public sealed class ChunkTree : IDisposable
{
    /// <summary>Bytes of a piece; the last one may be shorter.</summary>
    public const int PieceBytes = 1 << 20;

    private readonly IncrementalHash _piece = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Stack<(long Leaves, Digest Root)> _full = new();
    private int _inPiece;

    /// <summary>The root over everything that is left in <paramref name="stream"/>.</summary>
    public static Digest Root(Stream stream)
    {
        using var tree = new ChunkTree();
        var buffer = new byte[64 * 1024];
        for (int read; (read = stream.Read(buffer)) > 0;) tree.Append(buffer.AsSpan(0, read));
        return tree.Finish();
    }

    /// <summary>Takes the next bytes of the blob.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_inPiece == 0) _piece.AppendData([0x00]);
            var count = Math.Min(bytes.Length, PieceBytes - _inPiece);
            _piece.AppendData(bytes[..count]);
            _inPiece += count;
            bytes = bytes[count..];
            if (_inPiece == PieceBytes) EndPiece();
        }
    }

    /// <summary>The root over everything appended. Nothing can be appended after it.</summary>
    public Digest Finish()
    {
        if (_inPiece > 0) EndPiece();
        if (_full.Count == 0) return Digest.Of([]);
        var root = _full.Pop().Root;
        while (_full.TryPop(out var left)) root = Node(left.Root, root);
        return root;
    }

    /// <inheritdoc/>
    public void Dispose() => _piece.Dispose();

    /// <summary>Two full subtrees of the same size are one of twice the size; the stack holds the binary digits of the number of leaves.</summary>
    internal void Push(Digest leaf)
    {
        var top = (Leaves: 1L, Root: leaf);
        while (_full.TryPeek(out var left) && left.Leaves == top.Leaves)
            top = (2 * _full.Pop().Leaves, Node(left.Root, top.Root));
        _full.Push(top);
    }

    private void EndPiece()
    {
        Push(new Digest(_piece.GetHashAndReset()));
        _inPiece = 0;
    }

    private static Digest Node(Digest left, Digest right)
    {
        Span<byte> node = stackalloc byte[1 + 2 * Digest.Length];
        node[0] = 0x01;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + Digest.Length)..]);
        return Digest.Of(node);
    }
}
