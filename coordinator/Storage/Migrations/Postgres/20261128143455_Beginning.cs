using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace DeepSeek.Federated.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Beginning : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "certificates",
                columns: table => new
                {
                    Certificate = table.Column<byte[]>(type: "bytea", nullable: false),
                    Actor = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Role = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    NotAfter = table.Column<long>(type: "bigint", nullable: false),
                    RevokedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_certificates", x => x.Certificate);
                });

            migrationBuilder.CreateTable(
                name: "head",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Size = table.Column<long>(type: "bigint", nullable: false),
                    Root = table.Column<byte[]>(type: "bytea", nullable: false),
                    Note = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_head", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "leaves",
                columns: table => new
                {
                    Index = table.Column<long>(type: "bigint", nullable: false),
                    Stream = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Sequence = table.Column<long>(type: "bigint", nullable: false),
                    Data = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_leaves", x => x.Index);
                });

            migrationBuilder.CreateTable(
                name: "nodes",
                columns: table => new
                {
                    Position = table.Column<long>(type: "bigint", nullable: false),
                    Hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_nodes", x => x.Position);
                });

            migrationBuilder.CreateTable(
                name: "private_parts",
                columns: table => new
                {
                    Leaf = table.Column<long>(type: "bigint", nullable: false),
                    Data = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_private_parts", x => x.Leaf);
                });

            migrationBuilder.CreateTable(
                name: "rounds",
                columns: table => new
                {
                    Study = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Attempt = table.Column<int>(type: "integer", nullable: false),
                    BaseVersion = table.Column<byte[]>(type: "bytea", nullable: false),
                    OpenedAt = table.Column<long>(type: "bigint", nullable: false),
                    Deadline = table.Column<long>(type: "bigint", nullable: false),
                    Invited = table.Column<int>(type: "integer", nullable: false),
                    Phase = table.Column<string>(type: "text", nullable: false),
                    Consented = table.Column<int>(type: "integer", nullable: false),
                    Declined = table.Column<int>(type: "integer", nullable: false),
                    Updates = table.Column<int>(type: "integer", nullable: false),
                    Late = table.Column<int>(type: "integer", nullable: false),
                    Used = table.Column<int>(type: "integer", nullable: false),
                    ClosedAt = table.Column<long>(type: "bigint", nullable: true),
                    Failure = table.Column<string>(type: "text", nullable: true),
                    Aggregate = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rounds", x => new { x.Study, x.Number });
                });

            migrationBuilder.CreateTable(
                name: "sites",
                columns: table => new
                {
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    InvitedAt = table.Column<long>(type: "bigint", nullable: false),
                    Identity = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    EnrolledAt = table.Column<long>(type: "bigint", nullable: true),
                    RevokedAt = table.Column<long>(type: "bigint", nullable: true),
                    RevokedBecause = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sites", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "streams",
                columns: table => new
                {
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Next = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_streams", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "studies",
                columns: table => new
                {
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Manifest = table.Column<byte[]>(type: "bytea", nullable: false),
                    Phase = table.Column<string>(type: "text", nullable: false),
                    SubmittedAt = table.Column<long>(type: "bigint", nullable: false),
                    Round = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<byte[]>(type: "bytea", nullable: true),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_studies", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "versions",
                columns: table => new
                {
                    Version = table.Column<byte[]>(type: "bytea", nullable: false),
                    Study = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Round = table.Column<int>(type: "integer", nullable: false),
                    Content = table.Column<byte[]>(type: "bytea", nullable: false),
                    Parent = table.Column<byte[]>(type: "bytea", nullable: true),
                    Snapshot = table.Column<byte[]>(type: "bytea", nullable: false),
                    SnapshotBytes = table.Column<long>(type: "bigint", nullable: false),
                    Delta = table.Column<byte[]>(type: "bytea", nullable: true),
                    DeltaBytes = table.Column<long>(type: "bigint", nullable: false),
                    PublishedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_versions", x => new { x.Study, x.Version });
                });

            migrationBuilder.CreateIndex(
                name: "IX_certificates_Actor",
                table: "certificates",
                column: "Actor");

            migrationBuilder.CreateIndex(
                name: "IX_leaves_Stream_Index",
                table: "leaves",
                columns: new[] { "Stream", "Index" });

            migrationBuilder.CreateIndex(
                name: "IX_leaves_Stream_Sequence",
                table: "leaves",
                columns: new[] { "Stream", "Sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_versions_Study_Round",
                table: "versions",
                columns: new[] { "Study", "Round" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "certificates");

            migrationBuilder.DropTable(
                name: "head");

            migrationBuilder.DropTable(
                name: "leaves");

            migrationBuilder.DropTable(
                name: "nodes");

            migrationBuilder.DropTable(
                name: "private_parts");

            migrationBuilder.DropTable(
                name: "rounds");

            migrationBuilder.DropTable(
                name: "sites");

            migrationBuilder.DropTable(
                name: "streams");

            migrationBuilder.DropTable(
                name: "studies");

            migrationBuilder.DropTable(
                name: "versions");
        }
    }
}
