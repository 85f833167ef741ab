using System.Text;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>Writes many links in one statement: EF would follow each of them, which costs more than all else that sealing does.</summary>
internal static class AuditLinkRows
{
    // SQLite looks for each parameter among all that a statement has.
    private const int AtOnce = 20;

    public static async Task InsertAsync(
        this AuthDb db,
        IReadOnlyList<AuditLink> links,
        CancellationToken cancellation
    )
    {
        foreach (var some in links.Chunk(AtOnce))
        {
            await InsertAsync(db, some, cancellation);
        }
    }

    private static Task<int> InsertAsync(AuthDb db, AuditLink[] links, CancellationToken cancellation)
    {
        var text = new StringBuilder(
            """INSERT INTO "AuditLinks" ("Seq", "EntryId", "EventId", "Hash") VALUES """
        );
        var values = new List<object>();
        foreach (var link in links)
        {
            text.Append(values.Count > 0 ? ", (" : "(");
            Append(link.Seq, ", ");
            Append(link.EntryId, ", ");
            Append(link.EventId, ", ");
            Append(link.Hash, ")");
        }

        return db.Database.ExecuteSqlRawAsync(text.ToString(), values, cancellation);

        // A value that is missing has no type of its own.
        void Append(object? value, string end)
        {
            if (value is null)
            {
                text.Append("NULL");
            }
            else
            {
                text.Append('{').Append(values.Count).Append('}');
                values.Add(value);
            }

            text.Append(end);
        }
    }
}
