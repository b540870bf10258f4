using System.Collections.Immutable;
using System.Text;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Lineage.Checkpoints;

/// <summary>A checkpoint as a signed note: what the log answers for. It says nothing until <see cref="TryOpen"/> has checked a signature.</summary>
/// <remarks>C2SP signed-note and tlog-checkpoint. Signatures of unknown keys, such as later witnesses' co-signatures, are kept and ignored.</remarks>
public sealed class SignedCheckpoint
{
    /// <summary>The longest note that is read, in bytes.</summary>
    public const int LargestNote = 1_000_000;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly string _text;

    private SignedCheckpoint(string text, ImmutableArray<NoteSignature> signatures) => (_text, Signatures) = (text, signatures);

    /// <summary>The signature lines, in order; at least one.</summary>
    public ImmutableArray<NoteSignature> Signatures { get; }

    /// <summary>Signs as the log whose name is the checkpoint's origin.</summary>
    /// <exception cref="ArgumentException">The checkpoint breaks a bound of its own.</exception>
    public static SignedCheckpoint Sign(Checkpoint checkpoint, SigningKey key)
    {
        var text = checkpoint.Text();
        var signature = key.Sign(StrictUtf8.GetBytes(text));
        return new SignedCheckpoint(text, [new NoteSignature(checkpoint.Origin, NoteSignature.KeyIdOf(checkpoint.Origin, key.Public), [.. signature])]);
    }

    /// <summary>Reads a note; its signatures are not checked yet.</summary>
    /// <returns>False for anything that is not exactly such a note: too long, not UTF-8, control characters (a carriage return is one), a size
    /// with leading zeros, base64 in another spelling, no signature line, a missing last newline.</returns>
    public static bool TryParse(ReadOnlySpan<byte> note, out SignedCheckpoint checkpoint)
    {
        checkpoint = new SignedCheckpoint("", []);
        if (note.Length > LargestNote) return false;
        string all;
        try
        {
            all = StrictUtf8.GetString(note);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
        if (!all.EndsWith('\n') || all.Any(c => c is < ' ' and not '\n')) return false;
        var blank = all.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (blank < 0 || blank + 2 >= all.Length) return false;
        var text = all[..(blank + 1)];
        if (!Checkpoint.TryParse(text, out _)) return false;

        var signatures = ImmutableArray.CreateBuilder<NoteSignature>();
        foreach (var line in all[(blank + 2)..^1].Split('\n'))
        {
            if (!NoteSignature.TryParse(line, out var signature)) return false;
            signatures.Add(signature);
        }
        checkpoint = new SignedCheckpoint(text, signatures.ToImmutable());
        return true;
    }

    /// <summary>Gives the checkpoint if the log signed it under its own origin with this key.</summary>
    /// <remarks>A line with this key's name and id that does not verify spoils the whole note, whatever the others say.</remarks>
    public bool TryOpen(PublicKey log, out Checkpoint checkpoint)
    {
        if (!Checkpoint.TryParse(_text, out checkpoint)) return false;
        if (TryOpen(checkpoint.Origin, log)) return true;
        checkpoint = new Checkpoint("", 0, default);
        return false;
    }

    /// <summary>Whether the key of this name signed the note's text.</summary>
    internal bool TryOpen(string name, PublicKey key)
    {
        var id = NoteSignature.KeyIdOf(name, key);
        var message = StrictUtf8.GetBytes(_text);
        var own = Signatures.Where(s => s.Name == name && s.KeyId == id).ToList();
        return own.Count > 0 && own.TrueForAll(s => key.Verify(message, s.Signature.AsSpan()));
    }

    /// <summary>The note's bytes, as they are sent and stored.</summary>
    public byte[] ToBytes() => StrictUtf8.GetBytes(ToString());

    /// <summary>The note.</summary>
    public override string ToString() => _text + "\n" + string.Concat(Signatures.Select(s => s.Line()));
}
