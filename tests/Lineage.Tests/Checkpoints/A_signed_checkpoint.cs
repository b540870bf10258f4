using System.Text;
using CsCheck;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Lineage.Checkpoints;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Lineage.Tests.Checkpoints;

public sealed class A_signed_checkpoint : IDisposable
{
    // A tree head of Go's public checksum database, with its published key: the same format, made by others.
    private const string GoNote =
        "go.sum database tree\n6476701\nmb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n\n"
        + "\u2014 sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=\n";

    // The example of C2SP tlog-cosignature: a log's line and a witness's.
    private const string Cosigned =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        + "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        + "\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

    private static readonly Checkpoint Head = new("federation.example", 20852163, Digest.Of("root"u8));
    private readonly SigningKey _log = SigningKey.FromSeed(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());

    public void Dispose() => _log.Dispose();

    [Fact]
    public void has_the_form_of_the_standard()
    {
        var note = SignedCheckpoint.Sign(Head, _log);
        var lines = note.ToString().Split('\n');
        Assert.Equal(["federation.example", "20852163", Convert.ToBase64String(Head.Root.ToArray()), ""], lines[..4]);
        Assert.StartsWith("\u2014 federation.example ", lines[4], StringComparison.Ordinal);
        Assert.Equal(["", 6], [lines[5], (object)lines.Length]);
        Assert.Equal(68, Convert.FromBase64String(lines[4].Split(' ')[2]).Length);
    }

    [Fact]
    public void opens_for_the_key_of_its_log_only()
    {
        using var other = SigningKey.Create();
        Assert.True(SignedCheckpoint.TryParse(SignedCheckpoint.Sign(Head, _log).ToBytes(), out var read));
        Assert.True(read.TryOpen(_log.Public, out var opened));
        Assert.Equal(Head, opened);
        Assert.False(read.TryOpen(other.Public, out var nothing));
        Assert.Equal(0, nothing.Size);
    }

    [Fact]
    public void is_read_as_others_write_it()
    {
        var key = new PublicKey(Convert.FromBase64String("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8").AsSpan(1));
        Assert.Equal(0x033de0aeu, NoteSignature.KeyIdOf("sum.golang.org", key));
        Assert.Equal(0xc74f20a3u, NoteSignature.KeyIdOf("PeterNeumann", new PublicKey(Convert.FromBase64String("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").AsSpan(1))));

        Assert.True(SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(GoNote), out var read));
        Assert.True(read.TryOpen("sum.golang.org", key));
        Assert.Equal(GoNote, read.ToString());
        // Go's log signs under another name than its origin; ours must not.
        Assert.False(read.TryOpen(key, out _));

        Assert.True(SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(Cosigned), out var cosigned));
        Assert.Equal(["example.com/behind-the-sofa", "witness.example.com/w1"], cosigned.Signatures.Select(s => s.Name));
        Assert.Equal([64, 72], cosigned.Signatures.Select(s => s.Signature.Length));
        Assert.Equal(Cosigned, cosigned.ToString());
    }

    [Fact]
    public void ignores_signatures_of_unknown_keys_and_is_spoiled_by_a_false_one_of_its_own()
    {
        using var other = SigningKey.Create();
        var own = SignedCheckpoint.Sign(Head, _log).ToString();
        var foreign = SignedCheckpoint.Sign(Head, other).ToString().Split('\n')[4];
        var cosignature = Cosigned.Split('\n')[5];
        Assert.True(Opens(own + foreign + "\n" + cosignature + "\n"));
        Assert.True(Opens(own.Replace("\n\n", "\n\n" + cosignature + "\n", StringComparison.Ordinal)));

        var falsified = SignedCheckpoint.Sign(Head with { Size = 1 }, _log).ToString().Split('\n')[4];
        Assert.False(Opens(own + falsified + "\n"));
    }

    [Fact]
    public void covers_every_byte_of_its_text()
    {
        var note = SignedCheckpoint.Sign(Head, _log).ToBytes();
        var (malformed, unsigned) = (0, 0);
        for (var at = 0; at < note.Length; at++)
        {
            foreach (var bit in new[] { 1, 2, 4, 8, 16, 32, 64, 128 })
            {
                var changed = note.ToArray();
                changed[at] ^= (byte)bit;
                if (!SignedCheckpoint.TryParse(changed, out var read)) malformed++;
                else if (!read.TryOpen(_log.Public, out _)) unsigned++;
                else Assert.Fail($"bit {bit} of byte {at} changed nothing");
            }
        }
        Assert.True(malformed > 0 && unsigned > 0);
    }

    [Theory]
    [InlineData("o\n1\nROOT\n\nSIG", true)]
    [InlineData("o\n1\nROOT\nextension\n\nSIG", true)]
    [InlineData("o\n0\nROOT\n\nSIG", true)]
    [InlineData("o\r\n1\r\nROOT\r\n\r\nSIG", false)]
    [InlineData("o\n01\nROOT\n\nSIG", false)]
    [InlineData("o\n+1\nROOT\n\nSIG", false)]
    [InlineData("o\n-1\nROOT\n\nSIG", false)]
    [InlineData("o\n 1\nROOT\n\nSIG", false)]
    [InlineData("o\n\nROOT\n\nSIG", false)]
    [InlineData("o\n9223372036854775808\nROOT\n\nSIG", false)]
    [InlineData("\n1\nROOT\n\nSIG", false)]
    [InlineData("o\n1\n\nSIG", false)]
    [InlineData("o\n1\nAAAA\n\nSIG", false)]
    [InlineData("o\n1\n ROOT\n\nSIG", false)]
    [InlineData("o\n1\nROOT\n\n", false)]
    [InlineData("o\n1\nROOT\n", false)]
    [InlineData("o\n1\nROOT\n\nSIG\n", false)]
    [InlineData("o\n1\nROOT\n\n- o AAAAAAA=\n", false)]
    [InlineData("o\n1\nROOT\n\n\u2014 o AAAAAAA\n", false)]
    [InlineData("o\n1\nROOT\n\n\u2014 o AAAAAAB=\n", false)]
    [InlineData("o\n1\nROOT\n\n\u2014 o AAAAAA==\n", false)]
    [InlineData("o\n1\nROOT\n\n\u2014  AAAAAAA=\n", false)]
    [InlineData("o\n1\nROOT\n\n\u2014 o+p AAAAAAA=\n", false)]
    [InlineData("o\n1\nROOT\n\n\u2014 o AAAAAAA= \n", false)]
    [InlineData("o\n1\nROOT\n\n\u2014 o AAAAAAA=", false)]
    public void is_read_strictly(string form, bool lawful)
    {
        var note = form.Replace("ROOT", Convert.ToBase64String(new byte[32]), StringComparison.Ordinal).Replace("SIG", "\u2014 o AAAAAAA=\n", StringComparison.Ordinal);
        Assert.Equal(lawful, SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(note), out _));
    }

    [Fact]
    public void is_bounded_and_never_throws()
    {
        Assert.False(SignedCheckpoint.TryParse(new byte[SignedCheckpoint.LargestNote + 1], out _));
        Assert.False(SignedCheckpoint.TryParse([0xFF, (byte)'\n'], out _));
        Gen.Byte.Array[0, 200].Sample(bytes => Assert.False(SignedCheckpoint.TryParse(bytes, out _)));
        Assert.Throws<ArgumentException>(() => SignedCheckpoint.Sign(Head with { Origin = "two words" }, _log));
        Assert.Throws<ArgumentException>(() => SignedCheckpoint.Sign(Head with { Origin = "" }, _log));
        Assert.Throws<ArgumentException>(() => SignedCheckpoint.Sign(Head with { Size = -1 }, _log));
    }

    private bool Opens(string note) => SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(note), out var read) && read.TryOpen(_log.Public, out _);
}
