using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Storage.Registry;
using Microsoft.EntityFrameworkCore;

namespace DeepSeek.Federated.Storage.Tables;

/// <summary>The ledger's tables and the projections beside them, on SQLite. Nothing in the model belongs to one database: only migrations and the order of
/// text do, see <see cref="PostgresLedgerDbContext"/>.</summary>
internal class LedgerDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<LeafRow> Leaves => Set<LeafRow>();
    public DbSet<NodeRow> Nodes => Set<NodeRow>();
    public DbSet<HeadRow> Head => Set<HeadRow>();
    public DbSet<StreamRow> Streams => Set<StreamRow>();
    public DbSet<PrivatePartRow> PrivateParts => Set<PrivatePartRow>();
    public DbSet<SiteRow> Sites => Set<SiteRow>();
    public DbSet<CertificateRow> Certificates => Set<CertificateRow>();
    public DbSet<StudyRow> Studies => Set<StudyRow>();
    public DbSet<RoundRow> Rounds => Set<RoundRow>();
    public DbSet<VersionRow> Versions => Set<VersionRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Digest>().HaveConversion<DigestBytes>();
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<LeafRow>(leaf =>
        {
            leaf.ToTable("leaves").HasKey(l => l.Index);
            leaf.Property(l => l.Index).ValueGeneratedNever();
            leaf.HasIndex(l => new { l.Stream, l.Sequence }).IsUnique();
            leaf.HasIndex(l => new { l.Stream, l.Index });
        });
        modelBuilder.Entity<NodeRow>(node =>
        {
            node.ToTable("nodes").HasKey(n => n.Position);
            node.Property(n => n.Position).ValueGeneratedNever();
        });
        modelBuilder.Entity<HeadRow>(head =>
        {
            head.ToTable("head").HasKey(h => h.Id);
            head.Property(h => h.Id).ValueGeneratedNever();
        });
        modelBuilder.Entity<StreamRow>().ToTable("streams").HasKey(s => s.Name);
        modelBuilder.Entity<PrivatePartRow>(part =>
        {
            part.ToTable("private_parts").HasKey(p => p.Leaf);
            part.Property(p => p.Leaf).ValueGeneratedNever();
        });
        modelBuilder.Entity<SiteRow>().ToTable("sites").HasKey(s => s.Name);
        modelBuilder.Entity<CertificateRow>(certificate =>
        {
            certificate.ToTable("certificates").HasKey(c => c.Certificate);
            certificate.HasIndex(c => c.Actor);
        });
        modelBuilder.Entity<StudyRow>().ToTable("studies").HasKey(s => s.Name);
        modelBuilder.Entity<RoundRow>().ToTable("rounds").HasKey(r => new { r.Study, r.Number });
        modelBuilder.Entity<VersionRow>(version =>
        {
            version.ToTable("versions").HasKey(v => new { v.Study, v.Version }); // studies that begin alike share their first version
            version.HasIndex(v => new { v.Study, v.Round });
        });
    }
}
