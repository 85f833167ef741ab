namespace AuthServer.Data;

/// <summary>The section <c>Data</c>: where we remember, and the key that seals what must not be read there.</summary>
internal sealed class DataOptions
{
    /// <summary><c>Sqlite</c> for one instance, <c>PostgreSql</c> for any number.</summary>
    public string Provider { get; set; } = "Sqlite";

    public string ConnectionString { get; set; } = "Data Source=authserver.db";

    /// <summary>Added to the connection string of PostgreSQL, so that it can stand in a file of its own.</summary>
    public string? Password { get; set; }

    /// <summary>32 bytes in base64; takes precedence over <see cref="MasterKeyFile"/>.</summary>
    public string? MasterKey { get; set; }

    /// <summary>Path of a file that holds the master key; made at first start. Default: beside the SQLite file.</summary>
    public string? MasterKeyFile { get; set; }

    /// <summary>Keys that open what they sealed, and seal nothing: the former one, or the one to come. 32 bytes in base64 each.</summary>
    public IList<string> OtherMasterKeys { get; set; } = [];

    /// <summary>The same, as paths of files.</summary>
    public IList<string> OtherMasterKeyFiles { get; set; } = [];
}
