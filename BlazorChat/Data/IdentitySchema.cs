using Microsoft.AspNetCore.Identity;

namespace BlazorChat.Data;

internal static class IdentitySchema
{
    /// <summary>Identity's part of the model reads its version from the options of the application.</summary>
    public static IServiceCollection AddIdentitySchema(this IServiceCollection services) =>
        services.Configure<IdentityOptions>(options => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3);
}
