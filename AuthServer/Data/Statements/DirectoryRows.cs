using System.Data.Common;

namespace AuthServer.Data.Statements;

/// <summary>How all clients and scopes are read at once.</summary>
internal static class DirectoryRows
{
    public static readonly Statement Clients = new(
        """
        SELECT "Id", "ApplicationType", "ClientId", "ClientSecret", "ClientType", "ConcurrencyToken", "ConsentType",
          "DisplayName", "DisplayNames", "JsonWebKeySet", "Permissions", "PostLogoutRedirectUris", "Properties",
          "RedirectUris", "Requirements", "Settings"
        FROM "OpenIddictApplications"
        """
    );

    public static readonly Statement Scopes = new(
        """
        SELECT "Id", "ConcurrencyToken", "Description", "Descriptions", "DisplayName", "DisplayNames", "Name", "Properties",
          "Resources"
        FROM "OpenIddictScopes"
        """
    );

    /// <summary>A text for each client and scope, which is another when it has changed.</summary>
    public static readonly Statement Stamps = new(
        """
        SELECT "Id" || COALESCE("ConcurrencyToken", '') FROM "OpenIddictApplications"
        UNION ALL SELECT "Id" || COALESCE("ConcurrencyToken", '') FROM "OpenIddictScopes"
        """
    );

    public static Application ReadClient(DbDataReader row) =>
        new()
        {
            Id = row.GetString(0),
            ApplicationType = row.Text(1),
            ClientId = row.Text(2),
            ClientSecret = row.Text(3),
            ClientType = row.Text(4),
            ConcurrencyToken = row.Text(5),
            ConsentType = row.Text(6),
            DisplayName = row.Text(7),
            DisplayNames = row.Text(8),
            JsonWebKeySet = row.Text(9),
            Permissions = row.Text(10),
            PostLogoutRedirectUris = row.Text(11),
            Properties = row.Text(12),
            RedirectUris = row.Text(13),
            Requirements = row.Text(14),
            Settings = row.Text(15),
        };

    public static Scope ReadScope(DbDataReader row) =>
        new()
        {
            Id = row.GetString(0),
            ConcurrencyToken = row.Text(1),
            Description = row.Text(2),
            Descriptions = row.Text(3),
            DisplayName = row.Text(4),
            DisplayNames = row.Text(5),
            Name = row.Text(6),
            Properties = row.Text(7),
            Resources = row.Text(8),
        };

    public static string ReadStamp(DbDataReader row) => row.GetString(0);
}
