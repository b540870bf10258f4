using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Agent.Egress;

/// <summary>What may leave a site, read off the bytes themselves. Whatever is none of these does not leave.</summary>
public abstract record Sendable(string Kind)
{
    public virtual StudyId? Study => null;

    public virtual int? Round => null;

    /// <summary>Where the body lies already, so that it need not be kept twice.</summary>
    public virtual string? Kept => null;

    /// <summary>Whether the body may be written down: a one-time token and a proof of possession of a key need no second copy.</summary>
    public virtual bool MayBeKept => true;

    /// <summary>Which protocol versions are spoken; nothing of the site.</summary>
    public sealed record Greeting() : Sendable("greeting");

    /// <summary>The one-time token, the public keys.</summary>
    public sealed record Enrolment() : Sendable("enrolment")
    {
        public override bool MayBeKept => false;
    }

    /// <summary>A new public key, signed by the identity.</summary>
    public sealed record Renewal() : Sendable("renewal");

    /// <summary>From where on leaves are wanted.</summary>
    public sealed record LeavesWanted(string How) : Sendable(How);

    /// <summary>The address of the CA certificate; no body.</summary>
    public sealed record AuthorityWanted() : Sendable("authority-wanted");

    /// <summary>The address of a blob, to read it or to ask how much of it has arrived; no body.</summary>
    public sealed record BlobWanted(Digest Blob, string How) : Sendable(How);

    /// <summary>One piece of an update.</summary>
    public sealed record BlobPiece(Digest Blob, long Offset, long Total, SentUpdate Update) : Sendable("blob-piece")
    {
        public override StudyId? Study => Update.Study;

        public override int? Round => Update.Round;

        public override string? Kept => $"{SentUpdate.Folder}/{Blob}@{Offset}";
    }

    /// <summary>A signed statement, and its private sentence.</summary>
    public sealed record Statement(LedgerEvent Event) : Sendable("statement")
    {
        public override StudyId? Study => Event switch
        {
            RoundEvent e => e.Study,
            StudyEvent e => e.Study,
            _            => null,
        };

        public override int? Round => (Event as RoundEvent)?.Round;
    }
}
