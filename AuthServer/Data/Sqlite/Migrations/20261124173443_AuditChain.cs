using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AuthServer.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class AuditChain : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Count",
                table: "Audit",
                type: "INTEGER",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<Guid>(
                name: "EventId",
                table: "Audit",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "Mac",
                table: "Audit",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "NameHash",
                table: "Audit",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "PersonalDigest",
                table: "Audit",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "Salt",
                table: "Audit",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "TokenHash",
                table: "Audit",
                type: "TEXT",
                maxLength: 8,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "AuditCheckpoints",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    KeyId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Signature = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditCheckpoints", x => x.Seq);
                });

            migrationBuilder.CreateTable(
                name: "AuditLinks",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    EntryId = table.Column<long>(type: "INTEGER", nullable: false),
                    EventId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditLinks", x => x.Seq);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AuditLinks_EntryId",
                table: "AuditLinks",
                column: "EntryId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AuditLinks_EventId",
                table: "AuditLinks",
                column: "EventId",
                unique: true);

            // Where the chain begins: after the rows that are there already, which the next start seals as they are.
            migrationBuilder.Sql(
                """
                INSERT INTO "AuditLinks" ("Seq", "EntryId", "EventId", "Hash")
                SELECT 0, -COALESCE(MAX("Id"), 0), NULL, zeroblob(32) FROM "Audit";
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AuditCheckpoints");

            migrationBuilder.DropTable(
                name: "AuditLinks");

            migrationBuilder.DropColumn(
                name: "Count",
                table: "Audit");

            migrationBuilder.DropColumn(
                name: "EventId",
                table: "Audit");

            migrationBuilder.DropColumn(
                name: "Mac",
                table: "Audit");

            migrationBuilder.DropColumn(
                name: "NameHash",
                table: "Audit");

            migrationBuilder.DropColumn(
                name: "PersonalDigest",
                table: "Audit");

            migrationBuilder.DropColumn(
                name: "Salt",
                table: "Audit");

            migrationBuilder.DropColumn(
                name: "TokenHash",
                table: "Audit");
        }
    }
}
