using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AuthServer.Data.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class StoryIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_Audit_Event",
                table: "Audit",
                column: "Event",
                filter: "\"Event\" = 'migration'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Audit_Event",
                table: "Audit");
        }
    }
}
