using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>Refuses a database that is not known, or cannot be meant.</summary>
internal sealed class DataOptionsCheck : IValidateOptions<DataOptions>
{
    public ValidateOptionsResult Validate(string? name, DataOptions options)
    {
        var mistake = Databases.AreKnownBy(options.Provider)
            ? Databases.Of(options).Mistake
            : "Data:Provider must be 'Sqlite' or 'PostgreSql'.";
        return mistake is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistake);
    }
}
