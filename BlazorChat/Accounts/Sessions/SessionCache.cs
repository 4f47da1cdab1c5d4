using BlazorChat.Channels.Layer;

namespace BlazorChat.Accounts.Sessions;

/// <summary>The tickets of sessions that were used recently, including those of bots' keys, so that few requests read them from the database.</summary>
internal sealed class SessionCache(IChannelLayer layer) : NodeCache<string, byte[]>(layer, TimeSpan.FromSeconds(30));
