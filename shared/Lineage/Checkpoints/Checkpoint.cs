using System.Globalization;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Lineage.Checkpoints;

/// <summary>A tree head: the state of one log at one size (C2SP tlog-checkpoint).</summary>
/// <param name="Origin">The log's name: the federation's. Not empty, without spaces, '+' or control characters.</param>
/// <param name="Size">Leaves in the tree; ≥ 0.</param>
/// <param name="Root">Root hash of RFC 6962.</param>
public sealed record Checkpoint(string Origin, long Size, Digest Root)
{
    /// <summary>The note's text: three lines, each ending in a newline.</summary>
    /// <exception cref="ArgumentException">The origin or the size breaks its bound.</exception>
    public string Text() =>
        NoteSignature.IsName(Origin) && Size >= 0
            ? $"{Origin}\n{Size.ToString(CultureInfo.InvariantCulture)}\n{Convert.ToBase64String(Root.ToArray())}\n"
            : throw new ArgumentException($"'{Origin}' at {Size} is no checkpoint: an origin has no spaces and no '+', a size is not negative.");

    /// <summary>Reads a note's text. Extension lines are covered by the signature and say nothing here, as the standard asks.</summary>
    internal static bool TryParse(string text, out Checkpoint checkpoint)
    {
        checkpoint = new Checkpoint("", 0, default);
        if (!text.EndsWith('\n')) return false;
        var lines = text[..^1].Split('\n');
        if (lines.Length < 3 || lines.Any(line => line.Length == 0)) return false;
        if (!long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)) return false;
        if (size.ToString(CultureInfo.InvariantCulture) != lines[1]) return false;
        if (!NoteSignature.TryBase64(lines[2], out var root) || root.Length != Digest.Length) return false;
        checkpoint = new Checkpoint(lines[0], size, new Digest(root));
        return true;
    }
}
