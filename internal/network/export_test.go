package network

// CloseIdleConnections closes what is open and not in use.
func (t *Transport) CloseIdleConnections() {
	if t.bundle != nil {
		t.bundle.CloseIdleConnections()
	}
	t.system().CloseIdleConnections()
}
