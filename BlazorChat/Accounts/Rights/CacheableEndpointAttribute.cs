namespace BlazorChat.Accounts.Rights;

/// <summary>
/// Marks an endpoint whose responses set their own caching headers. A renewed sign-in cookie would make them uncacheable, so it is not
/// renewed there: see <see cref="Sessions.CookieRenewal"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CacheableEndpointAttribute : Attribute;
